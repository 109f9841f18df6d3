package sandbox

import "fmt"

// Person is a buyer as a remote side may show one. Empty fields are unknown.
type Person struct {
	Name     string `json:"name"`
	Phone    string `json:"phone"`
	Username string `json:"username"`

	woman bool
}

var (
	womenNames   = []string{"Алёна", "Мария", "Екатерина", "Ольга", "Татьяна", "Наталья", "Ирина", "Светлана", "Анастасия", "Юлия", "Елена", "Дарья", "Гульнара", "Виктория", "Полина", "Ксения", "Людмила", "Айгуль", "Марина", "Вера"}
	menNames     = []string{"Александр", "Дмитрий", "Сергей", "Андрей", "Иван", "Алексей", "Максим", "Евгений", "Рустам", "Николай", "Артём", "Павел", "Тимур", "Михаил", "Фёдор", "Олег"}
	surnameRoots = []string{"Иванов", "Смирнов", "Кузнецов", "Соколов", "Попов", "Лебедев", "Козлов", "Новиков", "Морозов", "Волков", "Зайцев", "Ахметов", "Фёдоров", "Щербаков", "Ковалёв", "Ильин"}
	// One name in some scripts that run from right to left: screens must not be turned around by it.
	rightToLeft = []string{"אבגיל כהן", "محمد الأحمد"}
)

// newPerson makes a buyer: mostly a plain or masked Russian name, now and then a nickname, rarely a name in another script.
func newPerson(d *dice) Person {
	woman := d.chance(0.68)
	first, ending := pick(d, menNames), ""
	if woman {
		first, ending = pick(d, womenNames), "а"
	}
	last := pick(d, surnameRoots) + ending
	p := Person{woman: woman, Phone: fmt.Sprintf("+79%09d", d.below(1_000_000_000))}
	p.Username = fmt.Sprintf("user%d", d.between(1000, 99999))
	switch roll := d.below(100); {
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
		p.Name = pick(d, rightToLeft)
	default:
		p.Name = "😊 " + first
	}
	return p
}
