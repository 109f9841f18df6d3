// Command formtable makes the table of word forms that package text embeds out
// of the Russian dictionary of A. Lebedev, as the package hunspell-ru of Debian
// has it, and a short list of our own for what the dictionary keeps apart:
//
//	go run ./internal/text/formtable -dictionary /usr/share/hunspell/ru_RU -list internal/text/joined.txt -out internal/text/forms.bin
//
// Whoever changes the table or the list raises StemsVersion of package text, so
// that stored words are made again.
package main
