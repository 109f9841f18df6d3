package web_test

import (
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

func TestAPhoneIsTakenInTenSpellings(t *testing.T) {
	t.Parallel()
	h, _ := gate(t)
	c := writes(t, h, "1", anna, "Anna", window(time.Hour), 9, "Hello")
	v := enter(t, h)
	way := fmtID(int64(h.Account.ID)) + "/10"
	for _, phone := range []string{
		"79990000001", "+79990000001", "+7 999 000-00-01", "8 (999) 000-00-01", "89990000001", "8-999-000-00-01", "9990000001", "+7 (999) 000 00 01", "7.999.000.00.01", "+7\u00a0999\u00a0000\u00a000\u00a001",
	} {
		a := v.do(http.MethodPost, "/start", url.Values{"to": {"person"}, "way": {way}, "by": {"phone"}, "phone": {phone}})
		a.has(t, http.StatusOK, "Hello")
		if a.path != address(c) {
			t.Errorf("%q opened %s", phone, a.path)
		}
	}
	v.do(http.MethodPost, "/start", url.Values{"to": {"person"}, "way": {way}, "by": {"phone"}, "phone": {"12"}}).has(t, http.StatusUnprocessableEntity, `id="error-phone"`, `value="12"`)
	v.do(http.MethodPost, "/start", url.Values{"to": {"person"}, "way": {way}, "by": {"username"}, "username": {"anna_k"}}).has(t, http.StatusConflict, `id="error-username"`)
	v.do(http.MethodPost, "/start", url.Values{"to": {"person"}, "way": {fmtID(int64(h.Account.ID)) + "/12"}, "by": {"phone"}, "phone": {"79990000001"}}).has(t, http.StatusConflict, "the buyer always begins")
	v.do(http.MethodPost, "/settings", url.Values{"name": {"Olga"}, "language": {"ru"}, "theme": {""}})
	v.do(http.MethodPost, "/start", url.Values{"to": {"person"}, "way": {way}, "by": {"phone"}, "phone": {"abc"}}).has(t, http.StatusUnprocessableEntity, "Это не похоже на номер телефона")
}

func TestAChatWithAPersonIsStartedInABrowser(t *testing.T) {
	t.Parallel()
	h, _ := gate(t)
	c := writes(t, h, "1", anna, "Anna", window(time.Hour), 9, "Hello")
	b := browse(t, h, 1440, 900)
	b.open("/")
	b.open("/people/" + contact(c))
	b.do("write to them", chromedp.Click(`.person-head a[href^="/start"]`))
	b.until("the form knows the phone", `document.querySelector("#field-phone").value === "+7\u00a0999\u00a0000-00-01" && document.querySelector(".start-person").innerText.includes("Anna")`)
	b.do("through another messenger", chromedp.Click(`.start-source:has([value$="/11"])`))
	b.until("which takes both", `!document.querySelector("[data-bys]").hidden`)
	b.do("by name", chromedp.Click(`[name=by][value=username] + span`))
	b.until("the field of names", `!document.querySelector("#field-username").disabled && document.querySelector("[data-by=phone]").hidden`)
	b.shot("form")
	b.do("go", chromedp.SendKeys(`#field-username`, "@anna_k\r"))
	b.until("a chat that is being opened", `location.pathname.startsWith("/conversations/") && document.querySelector("#thread-head").innerText.includes("открывается")`)
	b.until("it is hers", `document.querySelector("#card .their-row") !== null`)
	b.shot("opening")
}
