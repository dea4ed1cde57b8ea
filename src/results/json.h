// What all JSON files of a result share. For .cc files only: heavy to compile.
#pragma once

#include <cmath>
#include <cstdint>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "src/metrics/run_record.h"
#include "src/results/number.h"
#include "src/results/result.h"

namespace callflow::results {

using Json = nlohmann::ordered_json;  // keeps the order that fields were written in

Json schemaJson(std::string_view part);  // {name: "callflow.result/<part>", major, minor}
// Null for NaN; else rounded as numberText rounds.
Json numberJson(double value);
// Two spaces, LF at the end; bytes that are no UTF-8 become U+FFFD.
std::string jsonText(const Json& json);

// A document put together from pieces, laid out as jsonText() lays out the whole: a summary of
// thousands of streams would take hundreds of megabytes as one tree.
class JsonComposer {
 public:
  void openObject() { open('{', '}'); }
  void openArray() { open('[', ']'); }
  void key(std::string_view name);  // before a value, inside an object
  void value(const Json& piece);
  // The same as value() of such a piece, without making one.
  void text(std::string_view value);
  void integer(std::int64_t value);
  void number(double value);  // as numberJson()
  void close();
  // After the last close(). The composer is empty then.
  std::string take();

 private:
  struct Level {
    char closing;
    bool empty = true;
  };
  void open(char opening, char closing);
  void place();  // where the next value goes
  void newLine(std::size_t depth);
  void quote(std::string_view value);

  std::string text_;
  std::vector<Level> levels_;
  bool keyed_ = false;
};

Json jsonOf(const metrics::PathAttempt& attempt);
Json jsonOf(const metrics::Leg& leg);

// Reads and checks the schema. Throws ResultError naming the file, and both versions if the major
// numbers differ.
Json readJson(const std::filesystem::path& file, std::string_view part);
// The same of a text at hand; `file` is for messages.
Json parseJson(std::string_view text, const std::filesystem::path& file, std::string_view part);

std::string readFile(const std::filesystem::path& file);  // throws ResultError

}  // namespace callflow::results
