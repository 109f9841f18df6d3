// Package text holds the pure functions on texts: cleaning what comes from
// outside, cutting it for lists, and making the words that search keeps.
//
// Foreign text is cleaned once, at the gate, by [Clean]. Search words are made
// by [Stems] both when a message is written and when a person asks, so that the
// two cannot drift apart; [StemsVersion] tells which rules made stored ones.
//
// The package knows no database and no screen. Marks that turn the direction of
// writing stay in the text: making them harmless is a matter of showing it.
package text
