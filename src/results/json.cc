#include "src/results/json.h"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>
#include <system_error>
#include <utility>

namespace callflow::results {

Json schemaJson(std::string_view part) {
  return {{"name", fmt::format("{}/{}", schemaName, part)},
          {"major", schemaVersion.major},
          {"minor", schemaVersion.minor}};
}

Json numberJson(double value) {
  if (!std::isfinite(value)) return nullptr;
  const double rounded = *numberFrom(numberText(value));
  if (rounded == std::floor(rounded) && std::abs(rounded) < 1e15) {
    return static_cast<std::int64_t>(rounded);  // 10, not 10.0
  }
  return rounded;
}

std::string jsonText(const Json& json) {
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + '\n';
}

void JsonComposer::newLine(std::size_t depth) {
  text_ += '\n' + std::string(2 * depth, ' ');
}

void JsonComposer::place() {
  if (keyed_) {
    keyed_ = false;
    return;
  }
  if (levels_.empty()) return;
  if (!levels_.back().empty) text_ += ',';
  levels_.back().empty = false;
  newLine(levels_.size());
}

void JsonComposer::open(char opening, char closing) {
  place();
  text_ += opening;
  levels_.push_back({closing, true});
}

void JsonComposer::key(std::string_view name) {
  place();
  text_ += Json(name).dump(-1, ' ', false, Json::error_handler_t::replace) + ": ";
  keyed_ = true;
}

void JsonComposer::value(const Json& piece) {
  place();
  const std::string text = piece.dump(2, ' ', false, Json::error_handler_t::replace);
  const std::string indent(2 * levels_.size(), ' ');
  // Line ends within strings are escaped, so each one here is layout.
  for (const char c : text) {
    text_ += c;
    if (c == '\n') text_ += indent;
  }
}

void JsonComposer::close() {
  const Level level = levels_.back();
  levels_.pop_back();
  if (!level.empty) newLine(levels_.size());
  text_ += level.closing;
}

std::string JsonComposer::take() {
  text_ += '\n';
  return std::exchange(text_, {});
}

Json jsonOf(const metrics::PathAttempt& attempt) {
  return {{"kind", attempt.kind}, {"chosen", attempt.chosen}, {"reason", attempt.reason}};
}

Json jsonOf(const metrics::Leg& leg) {
  return {{"from", leg.from}, {"to", leg.to}, {"transport", leg.transport}, {"nodes", leg.nodes}};
}

std::string readFile(const std::filesystem::path& file) {
  std::error_code error;
  if (std::filesystem::is_directory(file, error)) {
    throw ResultError(file.string() + ": is a directory, not a file");
  }
  std::ifstream in(file, std::ios::binary);
  if (!in) throw ResultError(file.string() + ": cannot be read: " + std::strerror(errno));
  std::ostringstream text;
  text << in.rdbuf();
  if (in.bad()) throw ResultError(file.string() + ": cannot be read to its end");
  return std::move(text).str();
}

Json readJson(const std::filesystem::path& file, std::string_view part) {
  return parseJson(readFile(file), file, part);
}

Json parseJson(std::string_view text, const std::filesystem::path& file, std::string_view part) {
  const Json json = Json::parse(text, nullptr, false);
  if (json.is_discarded()) throw ResultError(file.string() + ": is not JSON");
  const std::string wanted = fmt::format("{}/{}", schemaName, part);
  std::string found;
  int major = 0;
  int minor = 0;
  try {
    const Json& schema = json.at("schema");
    found = schema.at("name").get<std::string>();
    major = schema.at("major").get<int>();
    minor = schema.at("minor").get<int>();
  } catch (const Json::exception&) {
    throw ResultError(file.string() + ": does not name its schema, so it is no callflow result");
  }
  if (found != wanted) {
    throw ResultError(
        fmt::format("{}: its schema is \"{}\", not \"{}\"", file.string(), found, wanted));
  }
  if (major != schemaVersion.major) {
    throw ResultError(
        fmt::format("{}: written in schema version {}.{}; this callflow reads {}.x. Run it "
                    "again, or read it with the callflow that wrote it",
                    file.string(), major, minor, schemaVersion.major));
  }
  return json;
}

}  // namespace callflow::results
