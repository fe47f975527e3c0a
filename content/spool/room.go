package spool

import (
	"cmp"
	"slices"
)

// block is what extents are rounded up to, in bytes, so that a post that grew a
// little fits where it was.
const block = 512

// extent is a part of a file.
type extent struct {
	offset int64
	size   int64 // what is used of it
}

// end is where the next extent may begin.
func (e extent) end() int64 { return e.offset + (e.size+block-1)/block*block }

// room knows which parts of a file are free.
type room struct {
	holes []extent // sorted, apart from each other
	size  int64    // of the file
}

// take returns a free extent: the first that is large enough.
func (r *room) take(size int64) extent {
	for i, hole := range r.holes {
		e := extent{hole.offset, size}
		switch left := hole.end() - e.end(); {
		case left == 0:
			r.holes = slices.Delete(r.holes, i, i+1)
			return e
		case left > 0:
			r.holes[i] = extent{e.end(), left}
			return e
		}
	}
	e := extent{r.size, size}
	r.size = e.end()
	return e
}

// give makes an extent free again, together with the holes beside it.
func (r *room) give(e extent) {
	if e.end() == e.offset {
		return
	}
	e.size = e.end() - e.offset
	i, _ := slices.BinarySearchFunc(r.holes, e, func(a, b extent) int { return cmp.Compare(a.offset, b.offset) })
	r.holes = slices.Insert(r.holes, i, e)
	if i+1 < len(r.holes) && r.holes[i].end() == r.holes[i+1].offset {
		r.holes[i].size += r.holes[i+1].size
		r.holes = slices.Delete(r.holes, i+1, i+2)
	}
	if i > 0 && r.holes[i-1].end() == r.holes[i].offset {
		r.holes[i-1].size += r.holes[i].size
		r.holes = slices.Delete(r.holes, i, i+1)
	}
	if last := len(r.holes) - 1; r.holes[last].end() == r.size {
		r.size = r.holes[last].offset
		r.holes = r.holes[:last]
	}
}
