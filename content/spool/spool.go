// Package spool keeps texts that are seldom read out of memory.
//
// A Spool holds the first few megabytes in memory, so that a small community
// never touches the disk, and everything after in a file that no one else sees.
// Texts are freed when nobody holds them any more, as all memory is.
package spool

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"runtime"
	"sync"
)

// MemorySize is how much a Spool holds in memory, in bytes.
const MemorySize = 4 << 20

// Spool keeps texts. It may be used from several goroutines at once. Nil keeps
// everything in memory.
type Spool struct {
	dir string
	log *slog.Logger

	mu       sync.Mutex
	inMemory int64 // bytes
	room     room
	file     *os.File // nil before anything is written
	batch    batch    // what is to be written to it
	named    bool     // the file could not be unlinked while it is open
	failed   bool     // nothing more is written
}

// New returns a spool whose file, if it comes to need one, is in the directory.
// When the file cannot be written the texts stay in memory, and log tells.
func New(dir string, log *slog.Logger) *Spool { return &Spool{dir: dir, log: log} }

// Text is a text that a Spool keeps. It never changes.
type Text struct {
	data  []byte // in memory, or
	spool *Spool // in its file
	at    extent
}

// Keep returns a text of the data, which may change afterwards.
func (s *Spool) Keep(data []byte) *Text {
	if s == nil {
		return &Text{data: bytes.Clone(data)}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.inMemory+int64(len(data)) <= MemorySize {
		return s.remember(data)
	}
	t, err := s.write(data)
	if err != nil {
		s.failed = true
		s.log.Warn("posts are kept in memory", "err", err)
	}
	if t == nil {
		return s.remember(data)
	}
	return t
}

// remember keeps data in memory.
func (s *Spool) remember(data []byte) *Text {
	t := &Text{data: bytes.Clone(data)}
	s.inMemory += int64(len(data))
	runtime.AddCleanup(t, s.forget, int64(len(data)))
	return t
}

func (s *Spool) forget(size int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.inMemory -= size
}

// write keeps data in the file; nil if none can be written.
func (s *Spool) write(data []byte) (*Text, error) {
	if s.failed {
		return nil, nil
	}
	if s.file == nil {
		if err := s.open(); err != nil {
			return nil, err
		}
	}
	at := s.room.take(int64(len(data)))
	if err := s.put(at, data); err != nil {
		s.room.give(at)
		return nil, err
	}
	t := &Text{spool: s, at: at}
	runtime.AddCleanup(t, s.free, at)
	return t, nil
}

// put has data be written at that place, sooner or later. What could not be
// written stays in the batch, and is read there.
func (s *Spool) put(at extent, data []byte) error {
	if s.batch.add(at, data) {
		return nil
	}
	if _, err := s.file.WriteAt(s.batch.data, s.batch.offset); err != nil {
		return err
	}
	s.batch.data = s.batch.data[:0]
	if s.batch.add(at, data) {
		return nil
	}
	_, err := s.file.WriteAt(data, at.offset) // larger than a batch
	return err
}

// read returns the text at that place.
func (s *Spool) read(at extent) ([]byte, error) {
	s.mu.Lock()
	data, ok := s.batch.read(at)
	s.mu.Unlock()
	if ok {
		return data, nil
	}
	data = make([]byte, at.size)
	_, err := s.file.ReadAt(data, at.offset)
	return data, err
}

func (s *Spool) free(at extent) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.room.give(at)
}

// open makes the file and takes its name away, where the system allows that, so
// that it goes with the process however that ends.
func (s *Spool) open() error {
	f, err := os.CreateTemp(s.dir, ".herald-posts-*")
	if err != nil {
		return err
	}
	s.file, s.named = f, os.Remove(f.Name()) != nil
	return nil
}

// Close removes the file. Texts that are in it read as empty from then on.
func (s *Spool) Close() error {
	if s == nil {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.failed = true // nothing is written any more
	s.batch = batch{}
	if s.file == nil {
		return nil
	}
	err := s.file.Close()
	if s.named {
		err = errors.Join(err, os.Remove(s.file.Name()))
	}
	return err
}

// Bytes returns the text, for the caller to read only. A text whose file can no
// longer be read is empty, and the log tells.
func (t *Text) Bytes() []byte {
	if t.spool == nil {
		return t.data
	}
	data, err := t.spool.read(t.at)
	// Until here t is in use, and its room is not another text's.
	runtime.KeepAlive(t)
	if err != nil {
		if !errors.Is(err, fs.ErrClosed) {
			t.spool.log.Error("a post cannot be read", "err", fmt.Errorf("read %d bytes of the kept posts: %w", t.at.size, err))
		}
		return nil
	}
	return data
}
