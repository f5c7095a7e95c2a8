#define LIMIT 10
#define MAX(a, b) ((a) > (b) ? (a) : (b))
typedef struct node { int value; } node_t;
enum level { LOW, HIGH };
static int count(node_t *head);
int count(node_t *head) { return 0; }
char *name_of(int id) { return 0; }
