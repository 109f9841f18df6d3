package reference

import (
	"net/http"
	"strings"
)

// texts are the words around the contract, which itself is in English.
type texts struct {
	Language, Other, OtherName                               string
	Heading, Search, SearchHint, Nothing, Contents, Top      string
	Overview, Operations, Schemas, Download                  string
	Right, Everybody, Parameters, Body, Answers, Call        string
	Sample, Copy, Copied, Required                           string
	Field, Where, Type, Meaning                              string
	InPath, InQuery, InHeader                                string
	Anything, ListOf, Or, Moment, Characters, Items, Default string
}

func english() texts {
	return texts{
		Language: "en", Other: "ru", OtherName: "Русский",
		Heading: "API reference", Search: "Search", SearchHint: "Search operations and fields", Nothing: "Nothing matches.", Contents: "Contents", Top: "To the top",
		Overview: "Overview", Operations: "Operations", Schemas: "Schemas", Download: "OpenAPI document",
		Right: "right", Everybody: "everybody who is signed in", Parameters: "Parameters", Body: "Body", Answers: "Answers", Call: "Call",
		Sample: "Answer, for example", Copy: "Copy", Copied: "Copied", Required: "required",
		Field: "Field", Where: "In", Type: "Type", Meaning: "Meaning",
		InPath: "path", InQuery: "query", InHeader: "header",
		Anything: "anything", ListOf: "list of", Or: "or", Moment: "date-time", Characters: "characters ≤", Items: "items ≤", Default: "default",
	}
}

func russian() texts {
	return texts{
		Language: "ru", Other: "en", OtherName: "English",
		Heading: "Справочник API", Search: "Поиск", SearchHint: "Поиск по операциям и полям", Nothing: "Ничего не найдено.", Contents: "Содержание", Top: "Наверх",
		Overview: "Обзор", Operations: "Операции", Schemas: "Схемы", Download: "Документ OpenAPI",
		Right: "право", Everybody: "любой вошедший", Parameters: "Параметры", Body: "Тело запроса", Answers: "Ответы", Call: "Вызов",
		Sample: "Пример ответа", Copy: "Скопировать", Copied: "Скопировано", Required: "обязательно",
		Field: "Поле", Where: "Где", Type: "Тип", Meaning: "Что значит",
		InPath: "путь", InQuery: "запрос", InHeader: "заголовок",
		Anything: "что угодно", ListOf: "список:", Or: "или", Moment: "момент (date-time)", Characters: "знаков ≤", Items: "штук ≤", Default: "по умолчанию",
	}
}

// In names where a parameter stands.
func (t texts) In(place string) string {
	switch place {
	case "path":
		return t.InPath
	case "query":
		return t.InQuery
	default:
		return t.InHeader
	}
}

// language is the one that was asked for, else the one that the browser names
// before the other, else English.
func language(r *http.Request) string {
	if asked := r.URL.Query().Get("language"); asked == "ru" || asked == "en" {
		return asked
	}
	for part := range strings.SplitSeq(strings.ToLower(r.Header.Get("Accept-Language")), ",") {
		part = strings.TrimSpace(part)
		for _, known := range []string{"ru", "en"} {
			if part == known || strings.HasPrefix(part, known+"-") || strings.HasPrefix(part, known+";") {
				return known
			}
		}
	}
	return "en"
}
