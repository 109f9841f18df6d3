package engine

import "github.com/sellerdesk/sellerdesk"

// Millis gives a moment as the store keeps it, NULL for nil.
func Millis(t *sellerdesk.Time) any {
	if t == nil {
		return nil
	}
	return t.Millis()
}

// Moment reads what Millis wrote.
func Moment(ms *int64) *sellerdesk.Time {
	if ms == nil {
		return nil
	}
	t := sellerdesk.AtMillis(*ms)
	return &t
}

// Blob gives NULL for no bytes: the drivers differ in what nil bytes are.
func Blob(b []byte) any {
	if len(b) == 0 {
		return nil
	}
	return b
}

// OrNil gives NULL for the zero value.
func OrNil[T comparable](v T) any {
	var zero T
	if v == zero {
		return nil
	}
	return v
}

// ScanInt reads a row of one number.
func ScanInt(s Scanner) (n int64, err error) {
	err = s.Scan(&n)
	return n, err
}
