// What all JSON files of a result share. For .cc files only: heavy to compile.
#pragma once

#include <cmath>
#include <cstdint>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "src/metrics/run_record.h"
#include "src/results/number.h"
#include "src/results/result.h"
#include "src/results/text_sink.h"

namespace callflow::results {

using Json = nlohmann::ordered_json;  // keeps the order that fields were written in

Json schemaJson(std::string_view part);  // {name: "callflow.result/<part>", major, minor}
// Null for NaN; else rounded as numberText rounds.
Json numberJson(double value);
// The same as text: as tables have it.
void appendJsonNumber(std::string& out, double value, NumberText& text);
// Two spaces, LF at the end; bytes that are no UTF-8 become U+FFFD.
std::string jsonText(const Json& json);

// A document put together from pieces: a summary of thousands of streams would take hundreds of
// megabytes as one tree. It is laid out as jsonText() lays out the whole, but for small objects and
// lists, which stand on one line.
class JsonComposer {
 public:
  // With a sink the text goes there; take() hands on the last of it, and gives nothing.
  explicit JsonComposer(TextSink sink = {}) : sink_(std::move(sink)) {}

  enum class Layout : std::uint8_t { lines, oneLine };  // on one line with all that is in it
  void openObject(Layout layout = Layout::lines) { open('{', '}', layout); }
  void openArray(Layout layout = Layout::lines) { open('[', ']', layout); }
  void key(std::string_view name);  // before a value, inside an object
  void value(const Json& piece);
  // The same as value() of such a piece, without making one.
  void text(std::string_view value);
  void boolean(bool value);
  void integer(std::int64_t value);
  void number(double value);  // as tables have it; null if it is not finite
  void exact(double value);   // all its digits
  // A member of an object, key and value.
  void text(std::string_view name, std::string_view value) { key(name), text(value); }
  void integer(std::string_view name, std::int64_t value) { key(name), integer(value); }
  void number(std::string_view name, double value) { key(name), number(value); }
  void exact(std::string_view name, double value) { key(name), exact(value); }
  void close();
  // Members of the object that is open, laid out by the caller, who has begun with a comma if
  // there are some before; lines are `indent()` deep.
  void members(std::string_view laidOut);
  std::size_t indent() const { return 2 * levels_.size(); }
  // After the last close(). The composer is empty then.
  std::string take();

 private:
  struct Level {
    char closing;
    bool onOneLine = false;
    bool empty = true;
  };
  void open(char opening, char closing, Layout layout);
  void place();  // where the next value goes
  void newLine(std::size_t depth);
  void handOn();
  void quote(std::string_view value);

  std::string text_;
  TextSink sink_;
  NumberText number_;
  std::vector<Level> levels_;
  bool keyed_ = false;
};

// How a path was found, and the legs that it has.
void composePath(const std::vector<metrics::PathAttempt>& attempts,
                 const std::vector<metrics::Leg>& legs, JsonComposer& out);
// The same members as an object.
Json pathJson(const std::vector<metrics::PathAttempt>& attempts,
              const std::vector<metrics::Leg>& legs);

// Reads and checks the schema. Throws ResultError naming the file, and both versions if the major
// numbers differ.
Json readJson(const std::filesystem::path& file, std::string_view part);
// The same of a text at hand; `file` is for messages.
Json parseJson(std::string_view text, const std::filesystem::path& file, std::string_view part);

std::string readFile(const std::filesystem::path& file);  // throws ResultError

}  // namespace callflow::results
