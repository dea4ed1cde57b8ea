// callflow init: a first scenario that stands by itself, and nobody's file lost.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "tests/cli/program.h"

namespace callflow::test {
namespace {

namespace fs = std::filesystem;
const fs::path scenarios = CALLFLOW_SOURCE_DIR "/scenarios";

// The shipped scenarios that need no file beside them but a network.
std::vector<fs::path> shipped() {
  std::vector<fs::path> files;
  for (const char* const folder : {".", "figures", "use-cases"}) {
    for (const auto& entry : fs::directory_iterator(scenarios / folder)) {
      if (entry.path().extension() != ".yaml") continue;
      const std::string text = contentOf(entry.path());
      if (text.find("\nscenario: ") != std::string::npos &&
          text.find("traces/") == std::string::npos)
        files.push_back(entry.path());
    }
  }
  std::sort(files.begin(), files.end());
  return files;
}

std::vector<std::string> linesOf(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

std::string titleIn(const fs::path& file) {
  for (const std::string& line : linesOf(contentOf(file))) {
    if (line.rfind("title: ", 0) != 0) continue;
    const bool quoted = line.back() == '"';
    return line.substr(quoted ? 8 : 7, line.size() - (quoted ? 9 : 7));
  }
  return {};
}

}  // namespace

TEST_CASE("init without a name lists every scenario that it can write, with its title") {
  ::setenv("COLUMNS", "200", 1);
  const Output output = runCallflow({"init"}, emptyDirectory(CALLFLOW_TEST_DIR, "list"));
  ::unsetenv("COLUMNS");
  CHECK(output.code == 0);
  CHECK(output.err.empty());
  const auto lines = linesOf(output.out);
  for (const fs::path& file : shipped()) {
    const std::string name = "  " + file.stem().string() + " ";
    const std::string title = titleIn(file);
    INFO(name << title);
    CHECK_FALSE(title.empty());
    CHECK(std::count_if(lines.begin(), lines.end(), [&](const std::string& line) {
            return line.rfind(name, 0) == 0 && line.size() > title.size() &&
                   line.substr(line.size() - title.size() - 2) == "  " + title;
          }) == 1);
  }
  CHECK(std::count_if(lines.begin(), lines.end(), [](const std::string& line) {
          return line.rfind("  ", 0) == 0;
        }) == static_cast<std::ptrdiff_t>(shipped().size()));
}

TEST_CASE("what init writes is valid where nothing else is, and the same network and calls") {
  for (const fs::path& file : shipped()) {
    const std::string name = file.stem().string();
    DYNAMIC_SECTION(name) {
      const fs::path dir = emptyDirectory(CALLFLOW_TEST_DIR, "alone");
      const Output output = runCallflow({"init", name}, dir);
      INFO(output.err);
      CHECK(output.code == 0);
      CHECK(output.out.empty());
      CHECK(output.err.find("\nnext: callflow run " + name + ".yaml\n") != std::string::npos);
      CHECK(filesBelow(dir) == std::vector<std::string>{".stderr", ".stdout", name + ".yaml"});
      const Output mine = runCallflow({"validate", "--format", "json", name + ".yaml"}, dir);
      CHECK(mine.code == 0);
      const Output theirs = runCallflow({"validate", "--format", "json", file.string()}, dir);
      const auto contents = [](const std::string& text) {
        return text.substr(std::min(text.find("\"contents\""), text.size()));
      };
      CHECK(contents(mine.out) == contents(theirs.out));
      CHECK(contents(mine.out).find("call") != std::string::npos);
    }
  }
}

TEST_CASE("init keeps every line of the scenario and of its network, comments too") {
  const fs::path dir = emptyDirectory(CALLFLOW_TEST_DIR, "lines");
  REQUIRE(runCallflow({"init", "office-firewall"}, dir).code == 0);
  std::string expected;
  for (const std::string& line : linesOf(contentOf(scenarios / "office-firewall.yaml"))) {
    if (line != "topology: topologies/contoso.yaml") {
      expected += line + "\n";
      continue;
    }
    expected += "topology:\n";
    for (const std::string& below : linesOf(contentOf(scenarios / "topologies/contoso.yaml")))
      expected += "  " + below + "\n";
  }
  CHECK(contentOf(dir / "office-firewall.yaml") == expected);
}

TEST_CASE("media takes the same way in what init writes") {
  const fs::path dir = emptyDirectory(CALLFLOW_TEST_DIR, "same-way");
  REQUIRE(runCallflow({"init", "figure-7", "mine.yaml"}, dir).code == 0);
  const Output mine = runCallflow({"explain", "mine.yaml"}, dir);
  CHECK(mine.code == 0);
  const std::string theirs = (scenarios / "figures/figure-7.yaml").string();
  CHECK(mine.out == runCallflow({"explain", theirs}, dir).out);
}

TEST_CASE("the scenario is called as its file, and its results go to a folder of their own") {
  const fs::path dir = emptyDirectory(CALLFLOW_TEST_DIR, "called");
  REQUIRE(runCallflow({"init", "two-homes", "my-homes.yaml"}, dir).code == 0);
  CHECK(contentOf(dir / "my-homes.yaml").find("\nscenario: my-homes\n") != std::string::npos);
  // Not a name that a scenario may have.
  const Output spaced = runCallflow({"init", "two-homes", "my homes.yaml"}, dir);
  CHECK(spaced.code == 0);
  CHECK(contentOf(dir / "my homes.yaml").find("\nscenario: two-homes\n") != std::string::npos);
  CHECK(spaced.err.find("next: callflow run 'my homes.yaml'\n") != std::string::npos);
  // - is standard output.
  const Output printed = runCallflow({"init", "two-homes", "-"}, dir);
  CHECK(printed.code == 0);
  CHECK(printed.err.empty());
  CHECK(printed.out == contentOf(dir / "my homes.yaml"));
}

TEST_CASE("init replaces no file that is there, unless it is told to") {
  const fs::path dir = emptyDirectory(CALLFLOW_TEST_DIR, "there");
  std::ofstream(dir / "mine.yaml") << "a day's work\n";
  const Output refused = runCallflow({"init", "figure-2", "mine.yaml"}, dir);
  CHECK(refused.code == 2);
  CHECK(refused.err.find("\"mine.yaml\" is there already; name another file, or write --force to "
                         "replace it\n") != std::string::npos);
  CHECK(contentOf(dir / "mine.yaml") == "a day's work\n");
  CHECK(runCallflow({"init", "figure-2", "mine.yaml", "--force"}, dir).code == 0);
  CHECK(contentOf(dir / "mine.yaml").find("scenario: mine\n") != std::string::npos);
  // A link to what is not there yet is somebody's too.
  fs::create_symlink("elsewhere.yaml", dir / "link.yaml");
  CHECK(runCallflow({"init", "figure-2", "link.yaml"}, dir).code == 2);
  CHECK(fs::is_symlink(dir / "link.yaml"));
  fs::create_directory(dir / "folder");
  const Output folder = runCallflow({"init", "figure-2", "folder", "--force"}, dir);
  CHECK(folder.code == 2);
  CHECK(folder.err.find("\"folder\" is a directory; name a file in it\n") != std::string::npos);
  const Output slash = runCallflow({"init", "figure-2", "other/"}, dir);
  CHECK(slash.code == 2);
  CHECK(slash.err.find("\"other/\" is a directory; name a file in it\n") != std::string::npos);
  const Output nowhere = runCallflow({"init", "figure-2", "nowhere/mine.yaml"}, dir);
  CHECK(nowhere.code == 2);
  CHECK(nowhere.err.find("there is no directory \"nowhere\"") != std::string::npos);
}

TEST_CASE("init says what there is where a name is not known, and takes a file's name for one") {
  const fs::path dir = emptyDirectory(CALLFLOW_TEST_DIR, "names");
  const Output near = runCallflow({"init", "ofice-firewall"}, dir);
  CHECK(near.code == 2);
  CHECK(near.err.find("there is no \"ofice-firewall\" to begin with; did you mean "
                      "\"office-firewall\"?\n") != std::string::npos);
  const Output far = runCallflow({"init", "aquarium"}, dir);
  CHECK(far.code == 2);
  CHECK(far.err.find("there is no \"aquarium\" to begin with; there are access-lines, ") !=
        std::string::npos);
  CHECK(far.err.find(" and wifi\n") != std::string::npos);
  CHECK(filesBelow(dir) == std::vector<std::string>{".stderr", ".stdout"});
  CHECK(runCallflow({"init", "scenarios/use-cases/pstn.yaml"}, dir).code == 0);
  CHECK(fs::exists(dir / "pstn.yaml"));
}

}  // namespace callflow::test
