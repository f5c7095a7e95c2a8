// Package store keeps keys and values in an append-only log.
package store

import (
	"bufio"
	"encoding/binary"
	"hash/crc32"
	"os"
)

// Log appends records to a file; each carries a checksum.
type Log struct {
	file   *os.File
	writer *bufio.Writer
	offset int64
}

// Append writes a record and returns where it begins.
func (l *Log) Append(key, value []byte) (int64, error) {
	at := l.offset
	header := make([]byte, 12)
	binary.BigEndian.PutUint32(header[0:], crc32.ChecksumIEEE(value))
	binary.BigEndian.PutUint32(header[4:], uint32(len(key)))
	binary.BigEndian.PutUint32(header[8:], uint32(len(value)))
	for _, part := range [][]byte{header, key, value} {
		n, err := l.writer.Write(part)
		l.offset += int64(n)
		if err != nil {
			return 0, err
		}
	}
	return at, l.writer.Flush()
}

// Sync makes sure that everything is on disk.
func (l *Log) Sync() error {
	return l.file.Sync()
}
