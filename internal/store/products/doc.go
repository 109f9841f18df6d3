// Package products sums up what buyers and we wrote about a product.
//
// It is part of package store, which hands out its handle with every
// transaction; nobody else imports it.
package products
