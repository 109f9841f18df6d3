package server

import "time"

// SetHeartbeat lets tests wait less.
func (s *Server) SetHeartbeat(d time.Duration) { s.beat = d }

// LoopbackHost judges a Host header.
func LoopbackHost(host string) bool { return loopbackHost(host) }
