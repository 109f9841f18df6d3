package store

// latest is the latest of moments of which each may be absent.
func latest(moments ...*int64) *int64 {
	var last *int64
	for _, m := range moments {
		if m != nil && (last == nil || *m > *last) {
			last = m
		}
	}
	return last
}

// after tells whether at lies after a moment that may be absent.
func after(at int64, moment *int64) bool { return moment == nil || at > *moment }

// sameValue tells whether two values that may be absent are the same.
func sameValue[T comparable](a, b *T) bool {
	return a == b || a != nil && b != nil && *a == *b
}
