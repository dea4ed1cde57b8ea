// From a file to a tree: positions, and every fault of a file's form.
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <string>

#include "src/config/load.h"

namespace callflow::config {
namespace {

std::string faultsOf(const std::string& text) {
  Diagnostics diagnostics;
  const NodePtr root = parseYaml(text, "f.yaml", diagnostics);
  CHECK((root == nullptr) == diagnostics.hasErrors());
  std::string out;
  for (const Diagnostic& fault : diagnostics.all()) out += fault.render() + "\n";
  return out;
}

NodePtr parsed(const std::string& text) {
  Diagnostics diagnostics;
  NodePtr root = parseYaml(text, "f.yaml", diagnostics);
  CHECK(diagnostics.render("").empty());
  REQUIRE(root != nullptr);
  return root;
}

TEST_CASE("every key and value knows its place") {
  const NodePtr root = parsed("# a comment\na: 5\nb:\n  - x\n  - {c: \"7\", d: }\n");
  REQUIRE(root->isMap());
  const Node::Entry* b = root->find("b");
  REQUIRE(b != nullptr);
  CHECK(b->keyPos.line == 3);
  CHECK(b->keyPos.column == 1);
  CHECK(*b->keyPos.file == "f.yaml");
  REQUIRE(b->value->items().size() == 2);
  const NodePtr map = b->value->items()[1];
  const Node::Entry* c = map->find("c");
  REQUIRE(c != nullptr);
  CHECK(c->keyPos.line == 5);
  CHECK(c->keyPos.column == 6);
  CHECK(c->value->pos().column == 9);
  CHECK(c->value->quoted());
  CHECK_FALSE(root->get("a")->quoted());
  CHECK(map->get("d")->isNull());
  CHECK(root->get("nothing") == nullptr);
}

TEST_CASE("an alias is the anchored value, at the anchor's place") {
  const NodePtr root = parsed("a: &x {k: 1}\nb: *x\n");
  CHECK(root->get("b") == root->get("a"));
  CHECK(root->get("b")->pos().line == 1);
}

TEST_CASE("faults of form say where and what to write") {
  struct Case {
    const char* text;
    const char* fault;
  };
  const auto [text, fault] = GENERATE(values<Case>({
      {"", "f.yaml:1:1: error: is empty; write at least one key; \"callflow help\" names them\n"},
      {"# only this\n",
       "f.yaml:1:1: error: is empty; write at least one key; \"callflow help\" names them\n"},
      {"a: 1\n---\nb: 2\n",
       "f.yaml:2:1: error: a second YAML document starts here; keep one document in a file\n"},
      {"a:\n  x: 1\n  x: 2\n",
       "f.yaml:3:3: error: a.x: defined twice; first definition at line 2\n"},
      {"l: [{x: 1, x: 2}]\n",
       "f.yaml:1:12: error: l[0].x: defined twice; first definition at line 1\n"},
      {"? [a, b]\n: c\n",
       "f.yaml:1:3: error: a key is a list, not a text; write one word before the colon\n"},
      {"~: c\n",
       "f.yaml:1:1: error: a key is nothing, not a text; write one word before the colon\n"},
      {"b: &b {x: 1}\nc:\n  <<: *b\n", ""},
      {"a: !!str 5\n",
       "f.yaml:1:4: error: a: has the tag !!str, and tags are not supported; leave the tag out; "
       "the key says of what type a value is\n"},
      {"a: &a [1, *a]\n",
       "f.yaml:1:11: error: a[1]: this alias stands inside what it refers to; write the value "
       "out\n"},
      {"a: *nope\n",
       "f.yaml:1:4: error: is not YAML: this alias (*) has no anchor (&) above it; define the "
       "anchor first\n"},
      {"a: \"abc\nb: c\n",
       "f.yaml:1:4: error: a: a quote is opened and never closed; close the text with the same "
       "quote\n"},
      {"a: 'it''s\n",
       "f.yaml:1:4: error: a: a quote is opened and never closed; close the text with the same "
       "quote\n"},
      {"a: {x: 1\n",
       "f.yaml:2:1: error: is not YAML: \"{\" without its \"}\", or a \",\" is missing; close the "
       "map with \"}\"\n"},
      {"a:\n\tb: 1\n",
       "f.yaml:2:3: error: is not YAML: a tab stands in the indentation; indent with spaces\n"},
      {"a: b: c\n",
       "f.yaml:1:5: error: is not YAML: a \":\" cannot stand here; put a text that holds \": \" in "
       "quotes, one key a line\n"},
      {"a: \xE9t\xE9\n",
       "f.yaml:1:4: error: is not a text file in UTF-8; write YAML, saved as UTF-8\n"},
      {"a: 1\nb: \x01\n",
       "f.yaml:2:4: error: is not a text file: it holds a control character; write YAML, saved as "
       "UTF-8\n"},
  }));
  CHECK(faultsOf(text) == fault);
}

TEST_CASE("all faults of form are found at once") {
  CHECK(faultsOf("a: 1\na: 2\na: 3\nb: !x 1\n") ==
        "f.yaml:2:1: error: a: defined twice; first definition at line 1\n"
        "f.yaml:3:1: error: a: defined twice; first definition at line 1\n"
        "f.yaml:4:4: error: b: has the tag !x, and tags are not supported; leave the tag out; the "
        "key says of what type a value is\n");
}

TEST_CASE("64 levels are read, 65 are not") {
  const auto nested = [](std::size_t levels) {
    return "a: " + std::string(levels - 1, '[') + std::string(levels - 1, ']') + "\n";
  };
  CHECK(faultsOf(nested(64)).empty());
  CHECK(faultsOf(nested(65)).find("nested deeper than 64 levels") != std::string::npos);
  // No stack is used up by what is refused.
  CHECK(faultsOf(std::string(1'000'000, '[')).find("deeper") != std::string::npos);
  // Levels count where an alias is used, not only where the anchor stands.
  std::string chain = "a0: &a0 [x]\n";
  for (int i = 1; i <= 64; ++i) {
    const std::string n = std::to_string(i);
    chain += "a" + n + ": &a" + n + " [*a" + std::to_string(i - 1) + "]\n";
  }
  CHECK(faultsOf(chain).find("deeper") != std::string::npos);
}

TEST_CASE("an alias bomb is refused without being expanded") {
  // Ten aliases to ten aliases ... nine times: a billion values in 400 bytes.
  std::string bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 9; ++i) {
    const std::string n = std::to_string(i);
    bomb += "a" + n + ": &a" + n + " [";
    for (int k = 0; k < 10; ++k) {
      bomb += (k == 0 ? "*a" : ", *a") + std::to_string(i - 1);
    }
    bomb += "]\n";
  }
  CHECK(faultsOf(bomb).find("more than 100000 values") != std::string::npos);
  LoadLimits limits;
  limits.nodes = 5;  // the map itself and four values
  Diagnostics diagnostics;
  CHECK(parseYaml("{a: 1, b: 2, c: 3, d: 4}", "f", diagnostics, limits) != nullptr);
  CHECK(parseYaml("{a: 1, b: 2, c: 3, d: 4, e: 5}", "f", diagnostics, limits) == nullptr);
}

TEST_CASE("what cannot be read as a file is named") {
  const std::filesystem::path dir = CALLFLOW_TEST_DIR;
  Diagnostics diagnostics;
  CHECK(loadFile((dir / "not-there.yaml").string(), diagnostics).root == nullptr);
  CHECK(loadFile(dir.string(), diagnostics).root == nullptr);
  const std::filesystem::path big = dir / "big.yaml";
  { std::ofstream(big) << "a: 1\n"; }
  std::filesystem::resize_file(big, 100'000'000);
  CHECK(loadFile(big.string(), diagnostics).root == nullptr);
  std::filesystem::remove(big);
  CHECK(loadFile("/dev/zero", diagnostics).root == nullptr);
  // Sorted by file name, and the folder of the test can stand before /dev or behind it.
  const std::string ofZero =
      "/dev/zero: error: is larger than 4 MiB; a description of a network is smaller; is this the "
      "right file?\n";
  const std::string ofDir =
      dir.string() + ": error: is a directory; name a YAML file in it\n" + big.string() +
      ": error: is larger than 4 MiB; a description of a network is smaller; is this the right "
      "file?\n" +
      (dir / "not-there.yaml").string() +
      ": error: cannot be opened: there is no such file; check the name\n";
  CHECK(diagnostics.render("x") == (dir.string() < "/dev/zero" ? ofDir + ofZero : ofZero + ofDir) +
                                       "4 errors, 0 warnings; x\n");
  const std::filesystem::path good = dir / "good.yaml";
  {
    std::ofstream(good) << "\xEF\xBB\xBF"
                        << "a: 1\r\nb: 2\r\n";
  }  // as a Windows editor saves it
  Diagnostics none;
  const LoadedFile file = loadFile(good.string(), none);
  REQUIRE(file.root != nullptr);
  CHECK(file.text ==
        "\xEF\xBB\xBF"
        "a: 1\r\nb: 2\r\n");
  CHECK(toFlow(*file.root) == "{a: 1, b: 2}");
}

TEST_CASE("a tree is written so that it reads back to the same values") {
  const char* text =
      "plain: 20 ms\n"
      "quoted: \"5\"\n"
      "odd: [\"a: b\", \"- x\", \"#c\", \"null\", \"\", \" x \", \"tab\\there\", \"\\\"\", \"{\", "
      "10.1.0.0/16, -5, \"*\", \"\xC3\xA9\", \"a,b\", \"x:\", \"..\", \"%\"]\n"
      "\"odd key: \": {}\n"
      "none: []\n"
      "nothing:\n"
      "deep:\n"
      "  - [[1, 2], [3]]\n"
      "  - {a: {b: {c: 1}}}\n"
      "  - - - x\n"
      "lines: |\n"
      "  one\n"
      "  two\n";
  const NodePtr once = parsed(text);
  CHECK(sameValue(*once, *parsed(toYaml(*once))));
  CHECK(sameValue(*once, *parsed(toFlow(*once))));
  CHECK_FALSE(sameValue(*once, *parsed("plain: 20 ms\n")));
  CHECK_FALSE(sameValue(*parsed("a: 5"), *parsed("a: \"5\"")));
}

}  // namespace
}  // namespace callflow::config
