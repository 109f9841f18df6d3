// Package filling makes texts of templates: one of several variants for each
// conversation, with what is known of it filled in and random parts drawn. It is a
// pure function of texts, conversation and a seed.
package filling
