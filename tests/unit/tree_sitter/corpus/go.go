package pool

const MaxSize = 10

var ErrClosed = errors.New("closed")

type Pool struct {
	size int
}

type Conn interface {
	Close() error
}

func New(size int) *Pool { return &Pool{size} }

func (p *Pool) Get(ctx context.Context) (Conn, error) { return nil, ErrClosed }
