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
type Stack[T any] struct{ items []T; Pool; *Node }
func (s *Stack[T]) Push(v T) {}
func (s Stack[T]) Len() int { return 0 }
func (Stack[T]) Cap() int { return 0 }
const Pi, Euler = 3.14, 2.71
const (
	Low = iota
	High
)
