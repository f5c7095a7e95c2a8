package store

import "sort"

// Segment is a finished log file with the offsets of its live keys.
type Segment struct {
	ID   int
	Live map[string]int64
	Dead int64
}

// Candidates returns the segments whose garbage is worth collecting, the dirtiest first.
func Candidates(segments []Segment, least int64) []Segment {
	var found []Segment
	for _, s := range segments {
		if s.Dead >= least {
			found = append(found, s)
		}
	}
	sort.Slice(found, func(i, j int) bool { return found[i].Dead > found[j].Dead })
	return found
}

// Merge keeps for every key its newest offset.
func Merge(older, newer Segment) Segment {
	live := make(map[string]int64, len(older.Live)+len(newer.Live))
	for key, offset := range older.Live {
		live[key] = offset
	}
	for key, offset := range newer.Live {
		live[key] = offset
	}
	return Segment{ID: newer.ID, Live: live}
}
