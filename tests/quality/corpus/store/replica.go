package store

import (
	"context"
	"errors"
	"time"
)

var ErrNoLeader = errors.New("no leader elected")

// Replica follows a leader and takes over when its heartbeats stop.
type Replica struct {
	term     int
	lastBeat time.Time
	timeout  time.Duration
}

func (r *Replica) Heartbeat(term int) {
	if term >= r.term {
		r.term, r.lastBeat = term, time.Now()
	}
}

func (r *Replica) ShouldStandForElection() bool {
	return time.Since(r.lastBeat) > r.timeout
}

func (r *Replica) Follow(ctx context.Context, entries <-chan []byte, apply func([]byte) error) error {
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case entry, open := <-entries:
			if !open {
				return ErrNoLeader
			}
			if err := apply(entry); err != nil {
				return err
			}
		}
	}
}
