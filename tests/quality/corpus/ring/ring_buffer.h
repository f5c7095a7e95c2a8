#ifndef RING_BUFFER_H
#define RING_BUFFER_H

#include <stddef.h>

#define RING_CAPACITY 256

struct ring_buffer {
    unsigned char bytes[RING_CAPACITY];
    size_t head, tail;
};

void ring_init(struct ring_buffer *ring);
int ring_push(struct ring_buffer *ring, unsigned char byte);
int ring_pop(struct ring_buffer *ring, unsigned char *byte);

#endif
