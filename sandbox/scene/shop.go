package scene

import (
	"fmt"
	"slices"
	"strings"
)

// Product is one article of a shop.
type Product struct {
	// Number is the marketplace's article (nmID), always positive.
	Number int64
	// Article is the seller's own article.
	Article string
	// Name and Brand are shown to buyers.
	Name, Brand string
	// Color is the colour in Russian, an adjective in the form that fits Name.
	Color string
	// Price is in whole roubles.
	Price int
	// Sizes are those on sale; "0" is a thing without sizes.
	Sizes []string

	// Word is the thing in a sentence, Defect what is sometimes wrong with it.
	Word   Noun
	Defect string
	hue    int // of the picture, degrees
	shape  int // of the picture
}

// Subject is the sort of goods in one Russian word.
func (p Product) Subject() string { return Capital(p.Word.Nom) }

// Look is how photos show the product.
func (p Product) Look() Look { return Look{int16(p.hue), int16(p.shape)} }

// Noun is a Russian word in the forms that the dialogues need.
type Noun struct{ Nom, Acc, Gen, Came string }

// Shop is what a cabinet sells.
type Shop struct {
	Name, Brand, Firm string
	Products          []Product
}

type articleSeed struct {
	name, color, code, defect string
	price                     int
	sizes                     []string
	word                      Noun
	hue, shape                int
}

var (
	letters = []string{"XS", "S", "M", "L", "XL", "XXL"}
	feet    = []string{"36", "37", "38", "39", "40", "41", "42", "43"}
	beds    = []string{"1.5-спальный", "2-спальный", "Евро", "Семейный"}
	single  = []string{"0"}
)

var shopSeeds = []struct {
	name, brand, firm string
	articles          []articleSeed
}{
	{"Северный ветер", "NORDWIND", "ИП Кольцова М. А.", []articleSeed{
		{"Куртка зимняя женская с капюшоном", "изумрудная", "NW-KZ-01", "расходится молния", 7490, letters, Noun{"куртка", "куртку", "куртки", "пришла"}, 160, 0},
		{"Пуховик мужской стёганый", "чёрный", "NW-PM-07", "лезет пух из швов", 9890, letters, Noun{"пуховик", "пуховик", "пуховика", "пришёл"}, 220, 0},
		{"Свитер вязаный оверсайз", "молочный", "NW-SV-12", "затяжка на рукаве", 3290, letters, Noun{"свитер", "свитер", "свитера", "пришёл"}, 40, 0},
		{"Ботинки зимние на меху", "коричневые", "NW-BZ-21", "отклеивается подошва", 5990, feet, Noun{"ботинки", "ботинки", "ботинок", "пришли"}, 25, 1},
		{"Кроссовки беговые лёгкие", "белые", "NW-KR-30", "разный оттенок у левого и правого", 4590, feet, Noun{"кроссовки", "кроссовки", "кроссовок", "пришли"}, 200, 1},
		{"Шапка с отворотом из мериноса", "горчичная", "NW-SH-44", "распускается край", 1190, single, Noun{"шапка", "шапку", "шапки", "пришла"}, 45, 2},
		{"Джинсы прямые с высокой посадкой", "синие", "NW-DJ-52", "красит кожу", 3990, []string{"26", "27", "28", "29", "30", "31", "32"}, Noun{"джинсы", "джинсы", "джинсов", "пришли"}, 230, 3},
		{"Платье трикотажное миди", "бордовое", "NW-PL-60", "дырочка по шву", 2890, letters, Noun{"платье", "платье", "платья", "пришло"}, 345, 0},
		{"Термобельё детское, комплект", "серое", "NW-TB-66", "кривой шов на брюках", 1990, []string{"104", "110", "116", "122", "128", "134"}, Noun{"термобельё", "термобельё", "термобелья", "пришло"}, 190, 3},
		{"Рюкзак городской 20 л", "графитовый", "NW-RK-71", "заедает замок кармана", 3490, single, Noun{"рюкзак", "рюкзак", "рюкзака", "пришёл"}, 260, 4},
		{"Перчатки кожаные с подкладкой", "чёрные", "NW-PR-80", "две на одну руку", 1790, []string{"6.5", "7", "7.5", "8"}, Noun{"перчатки", "перчатки", "перчаток", "пришли"}, 10, 2},
		{"Дождевик детский с ушками", "жёлтый", "NW-DD-93", "трещина на кнопке", 1490, []string{"98", "104", "110", "116"}, Noun{"дождевик", "дождевик", "дождевика", "пришёл"}, 52, 0},
	}},
	{"Тёплый дом", "Домовёнок", "ООО «Уютные вещи»", []articleSeed{
		{"Постельное бельё сатин, комплект", "мятное", "TD-PB-01", "не хватает наволочки", 3690, beds, Noun{"комплект", "комплект", "комплекта", "пришёл"}, 150, 5},
		{"Плед флисовый двусторонний", "терракотовый", "TD-PF-05", "сильно лезет ворс", 1590, []string{"150х200", "200х220"}, Noun{"плед", "плед", "пледа", "пришёл"}, 18, 5},
		{"Набор полотенец махровых, 4 шт.", "бежевый", "TD-NP-11", "линяет при первой стирке", 1890, single, Noun{"набор", "набор", "набора", "пришёл"}, 35, 5},
		{"Чайник заварочный стеклянный 1 л", "прозрачный", "TD-CH-17", "скол на носике", 1290, single, Noun{"чайник", "чайник", "чайника", "пришёл"}, 185, 6},
		{"Кружка керамическая ручной работы", "синяя", "TD-KR-22", "разбилась в дороге", 890, single, Noun{"кружка", "кружку", "кружки", "пришла"}, 215, 6},
		{"Гирлянда светодиодная 10 м", "тёплый свет", "TD-GR-31", "не горит половина лампочек", 990, single, Noun{"гирлянда", "гирлянду", "гирлянды", "пришла"}, 48, 7},
		{"Сковорода с антипригарным покрытием 28 см", "чёрная", "TD-SK-38", "царапина на покрытии", 2490, single, Noun{"сковорода", "сковороду", "сковороды", "пришла"}, 0, 6},
		{"Органайзер для белья, 6 секций", "серый", "TD-OR-44", "порвана боковая стенка", 790, single, Noun{"органайзер", "органайзер", "органайзера", "пришёл"}, 240, 4},
		{"Подушка ортопедическая с памятью", "белая", "TD-PO-50", "сильный запах", 2190, []string{"40х60", "50х70"}, Noun{"подушка", "подушку", "подушки", "пришла"}, 205, 5},
		{"Лампа настольная с диммером", "латунь", "TD-LN-57", "не включается", 3190, single, Noun{"лампа", "лампу", "лампы", "пришла"}, 42, 7},
		{"Шторы блэкаут, 2 полотна", "графитовые", "TD-SB-63", "разная длина полотен", 4290, []string{"200х250", "200х270"}, Noun{"шторы", "шторы", "штор", "пришли"}, 250, 5},
		{"Ёлка искусственная 180 см", "зелёная", "TD-EL-70", "нет подставки в коробке", 5490, single, Noun{"ёлка", "ёлку", "ёлки", "пришла"}, 130, 7},
	}},
	{"Мастерская Лесникова", "Лесников", "ИП Лесников П. Е.", []articleSeed{
		{"Доска разделочная из дуба", "натуральная", "ML-DR-02", "трещина вдоль волокон", 1690, single, Noun{"доска", "доску", "доски", "пришла"}, 30, 4},
		{"Стеллаж настенный из берёзы", "белый", "ML-ST-09", "не совпадают отверстия", 4790, []string{"60 см", "90 см"}, Noun{"стеллаж", "стеллаж", "стеллажа", "пришёл"}, 60, 4},
		{"Конструктор деревянный, 120 деталей", "разноцветный", "ML-KD-14", "не хватает колеса", 2390, single, Noun{"конструктор", "конструктор", "конструктора", "пришёл"}, 300, 7},
	}},
}

// NewShop makes the n-th shop (from 1) of a world. Beyond the named ones the names repeat with a number.
func NewShop(seed uint64, n int) Shop {
	s := shopSeeds[(n-1)%len(shopSeeds)]
	d := Throw(seed, 0x5409, uint64(n))
	made := Shop{Name: s.name, Brand: s.brand, Firm: s.firm}
	if n > len(shopSeeds) {
		made.Name = fmt.Sprintf("%s %d", s.name, (n-1)/len(shopSeeds)+1)
	}
	base := int64(d.Between(118, 310)) * 1_000_000
	for i, a := range s.articles {
		made.Products = append(made.Products, Product{
			Number: base + int64(i)*31_337 + int64(d.Below(30_000)), Article: a.code, Name: a.name, Brand: s.brand, Color: a.color,
			Price: a.price + d.Below(8)*10, Sizes: a.sizes, Word: a.word, Defect: a.defect, hue: a.hue, shape: a.shape,
		})
	}
	return made
}

// Place is where an article stands in the shop, -1 for a foreign one.
func (s Shop) Place(number int64) int {
	return slices.IndexFunc(s.Products, func(p Product) bool { return p.Number == number })
}

// Capital writes the first letter large.
func Capital(s string) string {
	for i := range s {
		if i > 0 {
			return strings.ToUpper(s[:i]) + s[i:]
		}
	}
	return s
}
