package web

import "testing"

func TestSigningInLeadsOnlyToPagesOfOurs(t *testing.T) {
	t.Parallel()
	for next, want := range map[string]string{
		"/conversations/7?filter=all": "/conversations/7?filter=all", "/accounts": "/accounts",
		"": "/", "//evil.example": "/", "https://evil.example/": "/", `/\\evil.example`: "/", "javascript:alert(1)": "/",
		"/ui/list": "/", "/v1/accounts": "/", "accounts": "/", "/%zz": "/",
	} {
		if got := ownPath(next); got != want {
			t.Errorf("%q leads to %q, want %q", next, got, want)
		}
	}
}
