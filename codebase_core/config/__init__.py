"""Settings, the options behind them, and logging."""
