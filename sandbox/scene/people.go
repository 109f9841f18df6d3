package scene

import "fmt"

// Person is a buyer as a remote side may show one. Empty fields are unknown.
type Person struct {
	Name     string `json:"name"`
	Phone    string `json:"phone"`
	Username string `json:"username"`

	// Woman is for the grammar of what the person writes.
	Woman bool `json:"-"`
}

var (
	womenNames   = []string{"Алёна", "Мария", "Екатерина", "Ольга", "Татьяна", "Наталья", "Ирина", "Светлана", "Анастасия", "Юлия", "Елена", "Дарья", "Гульнара", "Виктория", "Полина", "Ксения", "Людмила", "Айгуль", "Марина", "Вера"}
	menNames     = []string{"Александр", "Дмитрий", "Сергей", "Андрей", "Иван", "Алексей", "Максим", "Евгений", "Рустам", "Николай", "Артём", "Павел", "Тимур", "Михаил", "Фёдор", "Олег"}
	surnameRoots = []string{"Иванов", "Смирнов", "Кузнецов", "Соколов", "Попов", "Лебедев", "Козлов", "Новиков", "Морозов", "Волков", "Зайцев", "Ахметов", "Фёдоров", "Щербаков", "Ковалёв", "Ильин"}
	// One name in some scripts that run from right to left: screens must not be turned around by it.
	rightToLeft = []string{"אבגיל כהן", "محمد الأحمد"}
)

// NewPerson makes a buyer: mostly a plain or masked Russian name, now and then a nickname, rarely a name in another script.
func NewPerson(d *Dice) Person {
	woman := d.Chance(0.68)
	first, ending := Pick(d, menNames), ""
	if woman {
		first, ending = Pick(d, womenNames), "а"
	}
	last := Pick(d, surnameRoots) + ending
	p := Person{Woman: woman, Phone: fmt.Sprintf("+79%09d", d.Below(1_000_000_000))}
	p.Username = fmt.Sprintf("user%d", d.Between(1000, 99999))
	switch roll := d.Below(100); {
	case roll < 52:
		p.Name = first
	case roll < 74:
		p.Name = first + " " + string([]rune(last)[:1]) + "."
	case roll < 86:
		p.Name = string([]rune(first)[:1]) + "***" + string([]rune(first)[len([]rune(first))-1:])
	case roll < 92:
		p.Name = first + " " + last
	case roll < 97:
		p.Name = p.Username
	case roll < 99:
		p.Name = Pick(d, rightToLeft)
	default:
		p.Name = "😊 " + first
	}
	return p
}

// RightToLeftName is a name in a script that runs from right to left.
func RightToLeftName(d *Dice) string { return Pick(d, rightToLeft) }
