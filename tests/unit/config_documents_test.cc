// Help, reference and schema made from the parameter tables.
#include "src/config/documents.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <regex>
#include <string>
#include <vector>

#include "tests/unit/sample_tables.h"

namespace callflow::config {
namespace {

using sample::World;

const Table<World>& world() {
  return sample::tableOf(static_cast<const World*>(nullptr));
}

TEST_CASE("the help text has each key with default, range and source") {
  const TableBase* way = findTable({&world()}, "way");
  REQUIRE(way != nullptr);
  CHECK(helpText(*way) ==
        "way: One direction.\n"
        "\n"
        "  rate: rate\n"
        "      Bits per second. Default: 10 Mbit/s. Range: 1 kbit/s to 1 Gbit/s. Source: RFC 1 "
        "section 2.\n"
        "\n"
        "  delay: time\n"
        "      Delay. Default: 1 ms. Source: ours.\n"
        "\n"
        "  loss: share\n"
        "      Loss. Default: 0%. Range: 0% to 100%. Source: ours.\n"
        "\n"
        "  jitter: jitter\n"
        "      Jitter. Default: see jitter. See: callflow help jitter.\n"
        "\n"
        "  queue: size or time\n"
        "      Queue. Default: 50 ms. Range: 1 B to 1 MB or 1 us to 1 s. Source: ours.\n");
  CHECK(findTable({&world()}, "nothing") == nullptr);
  std::vector<std::string> kinds;
  for (const TableBase* table : reachableTables({&world()})) kinds.push_back(table->kind());
  CHECK(kinds == std::vector<std::string>{"world", "place", "line", "way", "jitter", "device",
                                          "wall", "mill", "trip"});
  const std::string markdown = referenceMarkdown({&world()}, "Keys");
  CHECK(markdown.starts_with("# Keys\n\n## world\n"));
  for (const std::string& kind : kinds) {
    CHECK(markdown.find("\n## " + kind + "\n") != std::string::npos);
  }
  CHECK(markdown.find("| `shape` | flat \\| peaked | `flat` |  | Shape. | ours |") !=
        std::string::npos);
}

TEST_CASE("the JSON Schema describes the same keys") {
  const nlohmann::json schema = nlohmann::json::parse(jsonSchema(world(), "A world"));
  CHECK(schema["$schema"] == "http://json-schema.org/draft-07/schema#");
  CHECK(schema["allOf"][0]["$ref"] == "#/definitions/world");
  const auto& definitions = schema["definitions"];
  CHECK(definitions["world"]["additionalProperties"] == false);
  const auto& root = definitions["world"]["properties"];
  CHECK(root.size() == world().rows().size());
  CHECK(root["line"]["allOf"][0]["$ref"] == "#/definitions/line");
  CHECK(root["limit"]["anyOf"][1]["enum"][0] == "never");
  // ECMA-262 without its flag for Unicode knows no letters: what is ASCII and no letter, digit,
  // "-" or "_" is left out.
  const std::string pattern = root["devices"]["propertyNames"]["pattern"];
  const std::regex names(pattern);
  for (const char* good : {"hq", "HQ-1", "a_b", "9"}) CHECK(std::regex_match(good, names));
  for (const char* bad : {"", "a b", "-a", "a.b", "a@b", "a/b"})
    CHECK_FALSE(std::regex_match(bad, names));
  CHECK(root["devices"]["additionalProperties"]["$ref"] == "#/definitions/device");
  const auto& rate = definitions["way"]["properties"]["rate"];
  CHECK(rate["type"] == "string");
  CHECK(rate["default"] == "10 Mbit/s");
  CHECK(rate["description"] ==
        "Bits per second. Default: 10 Mbit/s. Range: 1 kbit/s to 1 Gbit/s. Source: RFC 1 section "
        "2.");
  CHECK(rate["pattern"] ==
        "^(unlimited|(0|[1-9][0-9]*)(\\.[0-9]+)? ?(bit/s|kbit/s|Mbit/s|Gbit/s))$");
  const auto& line = definitions["line"]["properties"];
  CHECK(line.contains("rate"));
  CHECK(line["up"]["allOf"][0]["$ref"] == "#/definitions/way");
  const auto& jitter = definitions["jitter"]["anyOf"];  // a map, or its shorthand
  CHECK(jitter[0]["properties"]["shape"]["enum"] == nlohmann::json{"flat", "peaked"});
  CHECK(jitter[1]["type"] == "string");
  const auto& device = definitions["device"]["anyOf"];
  REQUIRE(device.size() == 2);
  CHECK(device[1]["properties"]["kind"]["const"] == "mill");
  CHECK(device[1]["properties"]["wheels"]["minimum"] == 1);
  CHECK(device[1]["required"] == nlohmann::json{"kind", "wheels"});
  CHECK(definitions["place"]["anyOf"][1]["maxItems"] == 2);
  CHECK(definitions["trip"]["required"] == nlohmann::json{"name"});
}

}  // namespace
}  // namespace callflow::config
