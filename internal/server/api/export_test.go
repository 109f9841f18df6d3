package api

// Narrower tells whether an access lacks something that another has.
var Narrower = narrower
