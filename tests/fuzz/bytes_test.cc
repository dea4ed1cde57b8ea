// Whatever the bytes of a file say, loading it gives a value or an error with its place: no crash,
// no hang, nothing in between. Tried with random damage to every scenario and topology shipped and
// to every file of tests/errors. The file in work when a test ends badly stays below the test's
// folder as `damaged.yaml`.
#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <random>
#include <string>
#include <vector>

#include "tests/fuzz/load_checks.h"
#include "tests/fuzz/rounds.h"

namespace callflow::test {
namespace {

namespace fs = std::filesystem;

class Damage {
 public:
  explicit Damage(unsigned seed) : random_(seed) {}

  std::size_t below(std::size_t limit) { return limit == 0 ? 0 : random_() % limit; }

  // One to four faults of random kinds.
  std::string apply(std::string text, const std::string& other) {
    for (std::size_t faults = 1 + below(4); faults > 0; --faults) fault(text, other);
    return text;
  }

 private:
  void fault(std::string& text, const std::string& other) {
    switch (below(12)) {
      case 0:  // another byte
        if (!text.empty()) text[below(text.size())] = static_cast<char>(below(256));
        break;
      case 1:  // a byte too few
        if (!text.empty()) text.erase(below(text.size()), 1);
        break;
      case 2:  // a byte that means something
        text.insert(below(text.size() + 1), 1, syntax[below(syntax.size())]);
        break;
      case 3:  // half a file
        text.resize(below(text.size() + 1));
        break;
      case 4:  // a line too few
        replaceLine(text, "");
        break;
      case 5: {  // a line twice
        const std::string line = lineAt(text, below(text.size() + 1));
        text.insert(lineStart(text, below(text.size() + 1)), line);
        break;
      }
      case 6: {  // a line of another file
        const std::string line = lineAt(other, below(other.size() + 1));
        text.insert(lineStart(text, below(text.size() + 1)), line);
        break;
      }
      case 7:  // deeper, or less deep
        indent(text);
        break;
      default:  // another value, key or construct
        replaceWord(text);
    }
  }

  static std::size_t lineStart(const std::string& text, std::size_t at) {
    const std::size_t end = at == 0 ? std::string::npos : text.rfind('\n', at - 1);
    return end == std::string::npos ? 0 : end + 1;
  }
  static std::string lineAt(const std::string& text, std::size_t at) {
    const std::size_t start = lineStart(text, at);
    const std::size_t end = text.find('\n', start);
    return text.substr(start, end == std::string::npos ? end : end + 1 - start);
  }
  void replaceLine(std::string& text, const std::string& with) {
    const std::size_t start = lineStart(text, below(text.size() + 1));
    text.replace(start, lineAt(text, start).size(), with);
  }
  void indent(std::string& text) {
    const std::size_t start = lineStart(text, below(text.size() + 1));
    if (below(2) == 0) {
      text.insert(start, 1 + below(3), ' ');
    } else {
      while (start < text.size() && text[start] == ' ') text.erase(start, 1);
    }
  }
  void replaceWord(std::string& text) {
    const auto isWord = [](char c) {
      return std::string_view(" \n,:[]{}#").find(c) == std::string_view::npos;
    };
    std::size_t start = below(text.size() + 1);
    while (start > 0 && isWord(text[start - 1])) --start;
    std::size_t end = start;
    while (end < text.size() && isWord(text[end])) ++end;
    text.replace(start, end - start, words[below(words.size())]);
  }

  static constexpr std::string_view syntax = "{}[]:,-#&*!|>'\"%@`?~ \t\n\r";
  static constexpr std::array words = {"-1",
                                       "0",
                                       "1",
                                       "1e309",
                                       "0x10",
                                       "010",
                                       "99999999999999999999",
                                       "9223372036854775807",
                                       ".inf",
                                       "nan",
                                       "~",
                                       "null",
                                       "true",
                                       "no",
                                       "''",
                                       "\"\\u0000\"",
                                       "\xff\xfe",
                                       "{}",
                                       "[]",
                                       "[[[[",
                                       "{a: {a: {a: ",
                                       "&a",
                                       "*a",
                                       "*missing",
                                       "&a [*a, *a]",
                                       "<<: *a",
                                       "!!binary aGk=",
                                       "!tag x",
                                       "? a",
                                       "|",
                                       ">-",
                                       "---",
                                       "...",
                                       "%YAML 1.2",
                                       "- - - x",
                                       "20 ms",
                                       "0 ms",
                                       "292 years",
                                       "9223372036 s",
                                       "1 Gbit/s",
                                       "0 bit/s",
                                       "unlimited",
                                       "100%",
                                       "101%",
                                       "-5%",
                                       "3 packets",
                                       "1400 B",
                                       "0 B",
                                       "10.0.0.0/8",
                                       "10.0.0.1/8",
                                       "0.0.0.0/0",
                                       "256.0.0.0/8",
                                       "10.0.0.0/33",
                                       "443",
                                       "65536",
                                       "3478-3481",
                                       "3481-3478",
                                       "alice@hq",
                                       "alice@",
                                       "@hq",
                                       "hq",
                                       "home",
                                       "azure",
                                       "any",
                                       "udp",
                                       "tcp",
                                       "allow",
                                       "deny",
                                       "firewall",
                                       "nat",
                                       "group",
                                       "audio",
                                       "hq.uplink",
                                       "devices.hq-firewall.rules",
                                       "sites.hq",
                                       "calls.standup.duration",
                                       "topologies/contoso.yaml",
                                       "damaged.yaml",
                                       ".",
                                       "/",
                                       "scenario",
                                       "topology",
                                       "sites",
                                       "variants",
                                       "change",
                                       "calls",
                                       "runs",
                                       "loss",
                                       "uplink",
                                       "wan"};

  std::mt19937 random_;
};

TEST_CASE("a damaged file is loaded or refused with a place, never anything else") {
  const std::vector<Original> files = originals();
  REQUIRE(files.size() > 40);
  Rounds rounds(20240607, 2'000);
  Damage damage(rounds.seed());
  int loaded = 0, refused = 0;
  while (rounds.next()) {
    const Original& file = files[damage.below(files.size())];
    const Original& other = files[damage.below(files.size())];
    const fs::path path = file.folder / "damaged.yaml";
    writeFile(path, damage.apply(file.text, other.text));
    CAPTURE(rounds.seed(), rounds.number(), file.name, path.string());
    const Outcome outcome = load(path.string());
    ++(outcome == Outcome::loaded ? loaded : refused);
  }
  // The damage is neither too mild nor too coarse to reach the checks behind the parser.
  CHECK(loaded > 20);
  CHECK(refused > 1'000);
}

TEST_CASE("a scenario whose topology is damaged is loaded or refused with a place") {
  const std::vector<Original> files = originals();
  const auto named = [&](const std::string& name) {
    return *std::find_if(files.begin(), files.end(),
                         [&](const Original& file) { return file.name == name; });
  };
  const Original scenario = named("office-firewall.yaml");
  const Original network = named("contoso.yaml");
  const fs::path path = scenario.folder / "over-damaged.yaml";
  std::string text = scenario.text;
  const std::string reference = "topologies/contoso.yaml";
  const std::size_t at = text.find(reference);
  REQUIRE(at != std::string::npos);
  writeFile(path, text.replace(at, reference.size(), "topologies/damaged.yaml"));
  Rounds rounds(7, 500);
  Damage damage(rounds.seed());
  int loaded = 0, refused = 0;
  while (rounds.next()) {
    writeFile(network.folder / "damaged.yaml", damage.apply(network.text, scenario.text));
    CAPTURE(rounds.seed(), rounds.number());
    const Outcome outcome = load(path.string());
    ++(outcome == Outcome::loaded ? loaded : refused);
  }
  CHECK(loaded > 5);
  CHECK(refused > 100);
}

}  // namespace
}  // namespace callflow::test
