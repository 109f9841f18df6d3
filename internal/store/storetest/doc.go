// Package storetest opens fresh databases for tests, on both engines, and holds
// the loop over the bare driver that the speed of the store is compared with.
//
// On SQLite a test gets a file of its own. On PostgreSQL it gets a database of
// its own on the server that SELLERDESK_TEST_POSTGRES names, else on a private
// cluster that is started once for a test run and ends with it.
package storetest
