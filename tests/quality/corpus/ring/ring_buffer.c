#include "ring_buffer.h"

void ring_init(struct ring_buffer *ring) {
    ring->head = ring->tail = 0;
}

/* Returns -1 when the buffer is full: nothing is overwritten. */
int ring_push(struct ring_buffer *ring, unsigned char byte) {
    size_t next = (ring->head + 1) % RING_CAPACITY;
    if (next == ring->tail)
        return -1;
    ring->bytes[ring->head] = byte;
    ring->head = next;
    return 0;
}

int ring_pop(struct ring_buffer *ring, unsigned char *byte) {
    if (ring->head == ring->tail)
        return -1;
    *byte = ring->bytes[ring->tail];
    ring->tail = (ring->tail + 1) % RING_CAPACITY;
    return 0;
}
