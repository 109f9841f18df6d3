package sandbox

import "net/http"

func (c control) page(mux *http.ServeMux) {}
