// JUnit XML is well-formed whatever names are in it: read back by a reader of its own.
#include "src/results/junit.h"

#include <catch2/catch.hpp>
#include <random>
#include <string>
#include <vector>

namespace callflow::results {
namespace {

// The attribute values and texts of an XML document in the subset that callflow writes; fails the
// test where it is not well-formed.
class Reader {
 public:
  explicit Reader(std::string text) : text_(std::move(text)) {
    expect("<?xml version=\"1.0\" encoding=\"UTF-8\"?>");
    blanks();
    element();
    blanks();
    REQUIRE(at_ == text_.size());
    REQUIRE(open_.empty());
  }
  std::vector<std::string> names;  // of the testcases

 private:
  void expect(const std::string& what) {
    REQUIRE(text_.compare(at_, what.size(), what) == 0);
    at_ += what.size();
  }
  void blanks() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\n')) ++at_;
  }
  std::string word() {
    const std::size_t start = at_;
    while (at_ < text_.size() && text_[at_] >= 'a' && text_[at_] <= 'z') ++at_;
    REQUIRE(at_ > start);
    return text_.substr(start, at_ - start);
  }
  std::string value(char end) {
    std::string plain;
    while (text_.at(at_) != end) {
      const auto c = static_cast<unsigned char>(text_[at_]);
      REQUIRE((c >= 0x20 && c != '<'));
      if (c != '&') {
        plain += text_[at_++];
        continue;
      }
      const std::size_t semicolon = text_.find(';', at_);
      REQUIRE(semicolon != std::string::npos);
      const std::string entity = text_.substr(at_ + 1, semicolon - at_ - 1);
      at_ = semicolon + 1;
      if (entity == "amp")
        plain += '&';
      else if (entity == "lt")
        plain += '<';
      else if (entity == "gt")
        plain += '>';
      else if (entity == "quot")
        plain += '"';
      else
        plain += static_cast<char>(std::stoi(entity.substr(1)));
    }
    return plain;
  }
  void element() {
    expect("<");
    const std::string tag = word();
    open_.push_back(tag);
    for (blanks(); text_.at(at_) != '>' && text_.at(at_) != '/'; blanks()) {
      const std::string key = word();
      expect("=\"");
      const std::string read = value('"');
      expect("\"");
      if (tag == "testcase" && key == "name") names.push_back(read);
    }
    if (text_.at(at_) == '/') {
      expect("/>");
    } else {
      expect(">");
      for (;;) {
        if (tag == "failure" || tag == "error" || tag == "skipped") value('<');
        blanks();
        if (text_.compare(at_, 2, "</") == 0) break;
        element();
      }
      expect("</" + tag + ">");
    }
    open_.pop_back();
  }

  std::string text_;
  std::size_t at_ = 0;
  std::vector<std::string> open_;
};

}  // namespace

TEST_CASE("JUnit XML by hand") {
  CHECK(junitXml({{"office",
                   {{"udp", "c connects"},
                    {"tcp", "audio.mos >= 3", JunitCase::Outcome::failed, "measured 2.5", ""},
                    {"tcp", "run 2", JunitCase::Outcome::error, "the run failed", "signal 9"}}}}) ==
        R"(<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="callflow">
  <testsuite name="office" tests="3" failures="1" errors="1" skipped="0">
    <testcase classname="udp" name="c connects"/>
    <testcase classname="tcp" name="audio.mos &gt;= 3">
      <failure message="measured 2.5"></failure>
    </testcase>
    <testcase classname="tcp" name="run 2">
      <error message="the run failed">signal 9</error>
    </testcase>
  </testsuite>
</testsuites>
)");
}

TEST_CASE("what XML cannot hold is replaced") {
  CHECK(xmlText("a<b & \"c\"") == "a&lt;b &amp; &quot;c&quot;");
  CHECK(xmlText("Zoë 東京 \U0001F4DE") == "Zoë 東京 \U0001F4DE");
  const std::string gap = "\xEF\xBF\xBD";
  CHECK(xmlText(std::string("\x01\0\x1B", 3)) == gap + gap + gap);
  CHECK(xmlText("\xFF\xC3(") == gap + gap + "(");
  CHECK(xmlText("\xED\xA0\x80") == gap + gap + gap);  // a surrogate
  CHECK(xmlText("\xC0\xAF") == gap + gap);            // not the shortest form
  CHECK(xmlText("\xEF\xBF\xBE") == gap + gap + gap);  // U+FFFE
  CHECK(xmlText("a\nb\tc") == "a&#10;b&#9;c");
}

TEST_CASE("any names give well-formed XML, and names that XML can hold come back") {
  std::mt19937 draws(7);
  std::uniform_int_distribution<int> length(0, 12), byte(0, 255), printable(0x20, 0x7E);
  for (int i = 0; i < 2000; ++i) {
    std::string wild, plain;
    for (int n = length(draws); n > 0; --n) wild += static_cast<char>(byte(draws));
    for (int n = length(draws); n > 0; --n) plain += static_cast<char>(printable(draws));
    const auto failed = JunitCase::Outcome::failed;
    const Reader read(junitXml({{wild, {{wild, plain}, {plain, wild, failed, wild, wild}}}}));
    REQUIRE(read.names.size() == 2);
    CHECK(read.names[0] == plain);
  }
}

}  // namespace callflow::results
