// Tables and prose within a width: where lines end, and that nothing is lost.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cctype>
#include <random>
#include <sstream>
#include <string>
#include <vector>

#include "src/compare/table.h"
#include "src/compare/wrap.h"

using namespace callflow::compare;

namespace {

std::vector<std::string> linesIn(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

std::size_t widest(const std::string& text) {
  std::size_t most = 0;
  for (const std::string& line : linesIn(text)) most = std::max(most, columnsOf(line));
  return most;
}

std::string withoutSpaces(std::string text) {
  text.erase(std::remove_if(text.begin(), text.end(),
                            [](unsigned char c) { return std::isspace(c) != 0; }),
             text.end());
  return text;
}

std::size_t timesIn(const std::string& text, const std::string& word) {
  std::size_t times = 0;
  for (std::size_t at = text.find(word); at != std::string::npos; at = text.find(word, at + 1))
    ++times;
  return times;
}

using Lines = std::vector<std::string>;

}  // namespace

TEST_CASE("A cell is broken at spaces, behind hyphens and behind commas") {
  CHECK(linesOf("no-proxy-support", 10) == Lines{"no-proxy-", "support"});
  CHECK(linesOf("relay-proxy, media-processor via relay-proxy", 17) ==
        Lines{"relay-proxy,", "media-processor", "via relay-proxy"});
  CHECK(linesOf("audio.mouth_to_ear_delay", 20) == Lines{"audio.mouth_to_ear_", "delay"});
}

TEST_CASE("Figures keep their units and stay in their brackets") {
  CHECK(linesOf("1.27 % of 18.8 ms", 9) == Lines{"1.27 % of", "18.8 ms"});
  CHECK(linesOf("4.03 [3.95, 4.12]", 14) == Lines{"4.03", "[3.95, 4.12]"});
  CHECK(linesOf("MOS mean [95 %]", 14) == Lines{"MOS mean", "[95 %]"});
  CHECK(linesOf("59.1 ms -> 59.6 ms", 12) == Lines{"59.1 ms ->", "59.6 ms"});
  CHECK(linesOf("-0.05 to -0.14", 9) == Lines{"-0.05 to", "-0.14"});
}

TEST_CASE("A cell that begins with spaces does so in each line") {
  CHECK(linesOf("  audio.lost_ratio", 14) == Lines{"  audio.lost_", "  ratio"});
}

TEST_CASE("Letters stand together in a name of any script until there is no other way") {
  CHECK(linesOf("büro-münchen", 9) == Lines{"büro-", "münchen"});
  CHECK(linesOf("münchen", 4) == Lines{"münc", "hen"});
}

TEST_CASE("A table gives width to the columns that need it") {
  Table table({Align::left, Align::left, Align::right});
  table.row({"VARIANT", "PATH", "LONGEST GAP"});
  table.row({"no-proxy-support", "media-processor via relay-proxy", "1207 ms"});
  // 16 + 31 + 11 and two gaps are 62. 15 less is what the path gives at one line more, when the
  // heading has two lines as well.
  CHECK(table.text(62) ==
        "VARIANT           PATH                             LONGEST GAP\n"
        "no-proxy-support  media-processor via relay-proxy      1207 ms\n");
  CHECK(table.text(50) ==
        "VARIANT           PATH                 LONGEST GAP\n"
        "no-proxy-support  media-processor via      1207 ms\n"
        "                  relay-proxy\n");
}

TEST_CASE("A word is cut only where the width leaves no other way") {
  Table table({Align::left, Align::left});
  table.row({"both-ends-tcp", "relay-tcp"});
  // "ends-" and "relay-" with a gap.
  const std::string least = table.text(13);
  CHECK(widest(least) <= 13);
  for (const char* word : {"both-", "ends-", "tcp", "relay-"})
    CHECK(least.find(word) != std::string::npos);
}

TEST_CASE("Tables of any cells fit any width that has room for a letter of each") {
  std::mt19937 random(7);
  const auto upTo = [&](std::size_t n) { return random() % n; };
  const std::vector<std::string> words = {"relay-tcp", "no",  "18.8 ms", "[0.1, 22.7]", "->",
                                          "münchen",   "a,b", "x_y.z",   "-0.14",       "5 %"};
  for (int round = 0; round < 300; ++round) {
    const std::size_t columns = 1 + upTo(6);
    std::vector<Align> aligned(columns, Align::left);
    for (Align& each : aligned)
      if (upTo(2) == 0) each = Align::right;
    Table table(aligned);
    std::string letters;
    std::vector<std::size_t> least(columns, 0);
    std::vector<std::string> cells(columns);
    for (std::size_t i = 0; i < columns; ++i) {
      for (std::size_t n = upTo(6); n > 0; --n)
        cells[i] += (cells[i].empty() ? "" : " ") + words[upTo(words.size())];
      letters += withoutSpaces(cells[i]);
      least[i] = leastColumns(cells[i], BreakAt::words);
    }
    table.row(cells);
    const std::size_t width = 3 * columns + upTo(80);
    const std::string text = table.text(width);
    INFO(text << width);
    CHECK(widest(text) <= width);
    // Every letter is there as often as before.
    std::string found = withoutSpaces(text);
    std::sort(found.begin(), found.end());
    std::sort(letters.begin(), letters.end());
    CHECK(found == letters);
    std::size_t needed = 2 * (columns - 1);
    for (const std::size_t each : least) needed += each;
    if (needed > width) continue;
    // There is room for every word.
    for (const char* word : {"münchen", "18.8 ms", "[0.1, 22.7]", "5 %", "relay-"}) {
      std::size_t before = 0;
      for (const std::string& cell : cells) before += timesIn(cell, word);
      CHECK(timesIn(text, word) == before);
    }
  }
}

TEST_CASE("Prose is broken at spaces only, and a word that is longer than a line anywhere") {
  CHECK(fitted("  note: opus-narrowband is far away\n", 24) ==
        "  note: opus-narrowband\n      is far away\n");
  CHECK(linesOfProse("evs, opus-narrowband-cbr", 14) == Lines{"evs,", "opus-", "narrowband-cbr"});
  CHECK(fitted("short\n", 24) == "short\n");
}

TEST_CASE("Lines fit the width and lose no word") {
  const std::string text =
      "short\n  a reason that goes on: fw refuses udp 10.1.0.2:50000 to 20.202.7.10:3478\n\n"
      "averyveryveryverylongword that has no space where it should\n";
  for (const std::size_t width : {12U, 20U, 33U, 60U}) {
    const std::string narrow = fitted(text, width);
    std::size_t start = 0;
    while (start < narrow.size()) {
      const std::size_t end = narrow.find('\n', start);
      CHECK(end - start <= width);
      start = end + 1;
    }
    std::string with = text, without = narrow;
    const auto blank = [](std::string& s) {
      std::erase_if(s, [](char c) { return c == ' ' || c == '\n'; });
    };
    blank(with);
    blank(without);
    CHECK(with == without);
  }
  CHECK(fitted(text, 200) == text);
  Table table({Align::left, Align::right, Align::left});
  table.row({"VARIANT", "N", "WORDS"});
  table.row({"media-processor via relay-tcp", "10", "no difference that matters"});
  // 40 less two gaps and the number leave 34: the path's longer half takes 15 of them.
  CHECK(table.text(40) ==
        "VARIANT           N  WORDS\n"
        "media-processor  10  no difference that\n"
        "via relay-tcp        matters\n");
  CHECK(table.text() == table.text(200));
}

TEST_CASE("a metric's name stays whole where values can give way") {
  Table table({Align::left, Align::right});
  table.row({"audio.mouth_to_ear_delay", "67.8 ms -> 105.6 ms"});
  table.row({"audio.mos", "4.32 -> 4.21"});
  // Side by side they are 24, a gap of 2, and 19 wide, which is one too many: the values keep 18.
  CHECK(table.text(44) == "audio.mouth_to_ear_delay" + std::string(2 + 18 - 10, ' ') +
                              "67.8 ms ->\n" + std::string(44 - 8, ' ') + "105.6 ms\n" +
                              "audio.mos" + std::string(44 - 9 - 12, ' ') + "4.32 -> 4.21\n");
}
