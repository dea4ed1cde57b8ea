#include "src/results/json.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <fstream>
#include <sstream>
#include <system_error>
#include <utility>

namespace callflow::results {

Json schemaJson(std::string_view part) {
  return {{"name", fmt::format("{}/{}", kSchemaName, part)},
          {"major", kSchemaVersion.major},
          {"minor", kSchemaVersion.minor}};
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
  text_ += '\n';
  text_.append(2 * depth, ' ');
}

void JsonComposer::quote(std::string_view value) {
  const auto plain = [](char c) { return c >= ' ' && c < 0x7f && c != '"' && c != '\\'; };
  if (std::all_of(value.begin(), value.end(), plain)) {
    text_ += '"';
    text_ += value;
    text_ += '"';
  } else {
    text_ += Json(value).dump(-1, ' ', false, Json::error_handler_t::replace);
  }
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
  quote(name);
  text_ += ": ";
  keyed_ = true;
}

void JsonComposer::value(const Json& piece) {
  place();
  const std::string text = piece.dump(2, ' ', false, Json::error_handler_t::replace);
  const std::string indent(2 * levels_.size(), ' ');
  // Line ends within strings are escaped, so each one here is layout.
  std::string_view rest = text;
  for (std::size_t end = rest.find('\n'); end != std::string_view::npos; end = rest.find('\n')) {
    text_ += rest.substr(0, end + 1);
    text_ += indent;
    rest.remove_prefix(end + 1);
  }
  text_ += rest;
}

void JsonComposer::text(std::string_view value) {
  place();
  quote(value);
}

void JsonComposer::integer(std::int64_t value) {
  place();
  std::array<char, 24> buffer{};
  text_.append(buffer.data(),
               std::to_chars(buffer.data(), buffer.data() + buffer.size(), value).ptr);
}

void JsonComposer::number(double value) {
  if (std::isfinite(value) && value == std::trunc(value) && std::abs(value) < 1e12) {
    integer(static_cast<std::int64_t>(value));
    return;
  }
  std::string digits;
  appendNumber(digits, value);
  const double rounded = numberFrom(digits).value_or(0);
  if (!std::isfinite(value) || rounded == std::trunc(rounded)) {
    this->value(numberJson(value));
    return;
  }
  place();
  // What dump() calls for a number, less the four allocations around it.
  std::array<char, 64> buffer{};
  text_.append(buffer.data(),
               nlohmann::detail::to_chars(buffer.data(), buffer.data() + buffer.size(), rounded));
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
  const std::string wanted = fmt::format("{}/{}", kSchemaName, part);
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
  if (major != kSchemaVersion.major) {
    throw ResultError(
        fmt::format("{}: written in schema version {}.{}; this callflow reads {}.x. Run it "
                    "again, or read it with the callflow that wrote it",
                    file.string(), major, minor, kSchemaVersion.major));
  }
  return json;
}

}  // namespace callflow::results
