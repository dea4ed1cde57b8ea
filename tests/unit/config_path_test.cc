// Changes by key path, and the places of paths.
#include "src/config/path.h"

#include <catch2/catch.hpp>
#include <string>

#include "src/config/load.h"
#include "tests/unit/sample_tables.h"

namespace callflow::config {
namespace {

using sample::treeOf;
using sample::world;
using sample::World;

// What setPath makes of the text, or its fault.
std::string changed(const std::string& text, const std::string& path, const std::string& value) {
  Diagnostics diagnostics;
  const SourcePos pos{std::make_shared<const std::string>("c.yaml"), 9, 5};
  const NodePtr root = setPath(treeOf(text), world(), path, treeOf("v: " + value)->get("v"), pos,
                               "variants.v", diagnostics);
  CHECK((root == nullptr) == diagnostics.hasErrors());
  return root == nullptr ? diagnostics.all().front().render() : toFlow(*root);
}

TEST_CASE("a change is written into a tree that shares the rest") {
  CHECK(changed("{title: x}", "title", "y") == "{title: y}");
  CHECK(changed("{title: x}", "limit", "1 s") == "{title: x, limit: 1 s}");
  CHECK(changed("{}", "line.up.jitter.shape", "flat") == "{line: {up: {jitter: {shape: flat}}}}");
  CHECK(changed("line: {jitter: 2 ms}", "line.jitter.shape", "flat") ==
        "{line: {jitter: {mean: 2 ms, shape: flat}}}");
  CHECK(changed("place: [1, 2]", "place.y", "3") == "{place: {x: 1, y: 3}}");
  CHECK(changed("spare: none", "spare.rate", "1 Mbit/s") == "{spare: {rate: 1 Mbit/s}}");
  CHECK(changed("devices: {a: {kind: wall}}", "devices.a.open", "[x]") ==
        "{devices: {a: {kind: wall, open: [x]}}}");
  CHECK(changed("devices: {a: {kind: wall}}", "devices.b", "{kind: wall}") ==
        "{devices: {a: {kind: wall}, b: {kind: wall}}}");
  CHECK(changed("trips: [{name: a}, {name: b}]", "trips[1].stops", "7") ==
        "{trips: [{name: a}, {name: b, stops: 7}]}");
  CHECK(changed("trips: [{name: a}, {name: b}]", "trips.b.stops[0]", "7") ==
        "c.yaml:9:5: error: variants.v: \"trips.b.stops\" has no item [0]; no item of it is "
        "written in the file");
  const NodePtr root = treeOf("{title: x, line: {rate: 1 Mbit/s}}");
  Diagnostics diagnostics;
  const SourcePos pos{std::make_shared<const std::string>("c.yaml"), 9, 5};
  const NodePtr out =
      setPath(root, world(), "title", Node::makeScalar("y", pos), pos, "v", diagnostics);
  REQUIRE(out != nullptr);
  CHECK(out->get("line") == root->get("line"));
  CHECK(root->get("title")->text() == "x");
  CHECK(*positionOf(out, "title").file == "c.yaml");
  CHECK(positionOf(out, "title").line == 9);
  CHECK(*positionOf(out, "line.rate").file == "w.yaml");
}

TEST_CASE("a change of what is not there names the nearest") {
  const std::string at = "c.yaml:9:5: error: variants.v: ";
  CHECK(changed("{}", "lien.rate", "1") ==
        at + "the file has no \"lien\"; did you mean \"line\"? (see: callflow help world)");
  CHECK(changed("devices: {hq-wall: {kind: wall}}", "devices.hq-wlal.open", "x") ==
        at + "\"devices\" has no \"hq-wlal\"; did you mean \"hq-wall\"?");
  CHECK(changed("devices: {a: {kind: wall}}", "devices.a.opne", "x") ==
        at + "\"devices.a\" has no \"opne\"; did you mean \"open\"? (see: callflow help wall)");
  CHECK(changed("{}", "devices.a.open", "x") == at + "\"devices\" has no \"a\"; it is empty");
  CHECK(changed("trips: [{name: a}]", "trips[3].name", "x") ==
        at + "\"trips\" has no item [3]; write [0] to [0]");
  CHECK(changed("trips: [{name: alpha}]", "trips.alhpa.name", "x") ==
        at + "\"trips\" has no \"alhpa\"; did you mean \"alpha\"?");
  CHECK(changed("{}", "title.x", "y") ==
        at + "\"title\" is a single value (text); change \"title\" itself");
  for (const char* bad : {"", ".", "a..b", "a.", "[x]", "a[", "a[1]b"}) {
    CAPTURE(bad);
    CHECK(changed("{}", bad, "1").find("is not a key path") != std::string::npos);
  }
}

TEST_CASE("a changed tree's faults point at the change") {
  const NodePtr root = treeOf("line: {rate: 1 Mbit/s}\n");
  Diagnostics diagnostics;
  const NodePtr value = parseYaml("\n\n  x: 5\n", "c.yaml", diagnostics)->get("x");
  const NodePtr out = setPath(root, world(), "line.rate", value, value->pos(), "v", diagnostics);
  REQUIRE(out != nullptr);
  CHECK_FALSE(read(out, world(), diagnostics));
  REQUIRE(diagnostics.all().size() == 1);
  CHECK(
      diagnostics.all()[0].render().starts_with("c.yaml:3:6: error: line.rate: \"5\" has no unit"));
}

TEST_CASE("the place of a path is that of what of it is written") {
  const NodePtr root = treeOf("devices:\n  a: {kind: wall,\n    open: [x, y]}\n");
  CHECK(positionOf(root, "devices.a.open[1]").line == 3);
  CHECK(positionOf(root, "devices.a.open[1]").column == 15);
  CHECK(positionOf(root, "devices.a").column == 3);
  CHECK(positionOf(root, "devices.a.strict").line == 2);
  CHECK(positionOf(root, "nothing").line == 1);
}

}  // namespace
}  // namespace callflow::config
