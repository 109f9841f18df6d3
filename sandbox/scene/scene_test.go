package scene_test

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"net/http"
	"testing"

	"github.com/sellerdesk/sellerdesk/sandbox/scene"
)

func TestDiceFallTheSameInEveryVersion(t *testing.T) {
	t.Parallel()
	d := scene.Throw(7, 1, 2)
	got := fmt.Sprintf("%x %d %d %.6f %v", d.Next(), d.Below(1000), d.Between(5, 9), d.Unit(), d.Chance(0.5))
	if want := "9a4c070b8c9daa8d 719 9 0.776118 false"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	if d.Below(1) != 0 || d.Below(0) != 0 || d.Between(4, 4) != 4 {
		t.Error("a die of one side fell on another")
	}
}

func TestWeightsAreKept(t *testing.T) {
	t.Parallel()
	var fell [3]int
	d := scene.Throw(1)
	for range 10_000 {
		fell[scene.PickWeighted(d, 70, 0, 30)]++
	}
	if fell[1] != 0 || fell[0] < 6_800 || fell[0] > 7_200 {
		t.Errorf("%v", fell)
	}
}

func TestDrawingsAreWhatTheySayAndTheSameEachTime(t *testing.T) {
	t.Parallel()
	for _, kind := range []string{"image/jpeg", "image/png", "application/pdf"} {
		a, b, c := scene.DrawFile(kind, 5, scene.Look{}), scene.DrawFile(kind, 5, scene.Look{}), scene.DrawFile(kind, 6, scene.Look{Hue: 90, Shape: 2})
		if http.DetectContentType(a) != kind || sha256.Sum256(a) != sha256.Sum256(b) || bytes.Equal(a, c) {
			t.Errorf("%s: %d bytes of %s", kind, len(a), http.DetectContentType(a))
		}
		padded := scene.Pad(kind, a, len(a)+1000)
		if len(padded) != len(a)+1000 || http.DetectContentType(padded) != kind || len(scene.Pad(kind, a, 3)) != len(a) {
			t.Errorf("%s: padded to %d", kind, len(padded))
		}
	}
}

func TestShopsDifferBySeedAndKnowTheirArticles(t *testing.T) {
	t.Parallel()
	seen := map[int64]bool{}
	for n := 1; n <= 7; n++ {
		shop := scene.NewShop(3, n)
		for i, p := range shop.Products {
			if seen[p.Number] || shop.Place(p.Number) != i || p.Subject() == "" || p.Price <= 0 || len(p.Sizes) == 0 || http.DetectContentType(p.Picture()) != "image/png" {
				t.Errorf("shop %d: %+v", n, p)
			}
			seen[p.Number] = true
		}
		if shop.Place(1) != -1 {
			t.Error("a foreign article has a place")
		}
	}
}
