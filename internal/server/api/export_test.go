package api

import "github.com/sellerdesk/sellerdesk"

// Narrower tells whether an access lacks something that another has.
var Narrower = narrower

// KeptAs is under which key an answer to whoever may everything is kept.
func KeptAs(key string) string { return held(sellerdesk.FullAccess(0)) + "/" + key }
