#define LIMIT 10
#define MAX(a, b) ((a) > (b) ? (a) : (b))
typedef struct node { int value; } node_t;
enum level { LOW, HIGH };
static int count(node_t *head);
int count(node_t *head) { return 0; }
char *name_of(int id) { return 0; }
typedef int (*cmp_fn)(const void *, const void *);
typedef char name_t[16];
typedef struct foo *foo_ptr;
struct conn { int sock_fd; char *recv_buf; unsigned int flags[4]; int (*on_read)(int); };
static const char *const names[] = {"a"};
int first, *second;
extern void (*signal(int sig, void (*handler)(int)))(int);
enum { RED, GREEN };
SYSCALL_DEFINE1(close, unsigned int, fd)
{
  return 0;
}
