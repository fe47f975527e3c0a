package spool

import "bytes"

// batchSize is how much is written at once, in bytes. When a site is read its
// posts come one after the other, and a write for each takes longer than reading
// it.
const batchSize = 256 << 10

// batch is a part of the file that is not written yet.
type batch struct {
	offset int64
	data   []byte
}

// add adds the data that belongs at e, if that is where the batch ends and it has
// room.
func (b *batch) add(e extent, data []byte) bool {
	if len(b.data) == 0 {
		b.offset = e.offset
	}
	end := extent{b.offset, int64(len(b.data))}.end()
	if e.offset != end || e.offset-b.offset+e.size > batchSize {
		return false
	}
	if b.data == nil {
		b.data = make([]byte, 0, batchSize)
	}
	b.data = append(b.data[:e.offset-b.offset], data...)
	return true
}

// read returns the data at e, if the batch has it.
func (b *batch) read(e extent) (data []byte, ok bool) {
	from := e.offset - b.offset
	if from < 0 || from+e.size > int64(len(b.data)) {
		return nil, false
	}
	return bytes.Clone(b.data[from : from+e.size]), true
}
