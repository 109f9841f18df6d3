// Package composing works out what a messenger's composer offers: how its
// window stands, which templates there are and how they read with what is
// filled in, and what the forms of templates, buttons and menus send. It decides
// nothing about what is allowed; that stands in the abilities.
package composing
