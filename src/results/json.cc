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

void appendJsonNumber(std::string& out, double value, NumberText& text) {
  if (!std::isfinite(value)) {
    out += "null";
    return;
  }
  const std::string_view digits = text.of(value);
  if (digits.find('e') == std::string_view::npos) {
    out += digits;
  } else {
    out += numberJson(value).dump();
  }
}

std::string jsonText(const Json& json) {
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + '\n';
}

void JsonComposer::newLine(std::size_t depth) {
  if (sink_ && text_.size() >= kTextPiece) handOn();
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
  Level& level = levels_.back();
  const bool first = std::exchange(level.empty, false);
  if (!first) text_ += ',';
  if (!level.onOneLine) {
    newLine(levels_.size());
  } else if (!first) {
    text_ += ' ';
  }
}

void JsonComposer::open(char opening, char closing, Layout layout) {
  place();
  text_ += opening;
  const bool within = !levels_.empty() && levels_.back().onOneLine;
  levels_.push_back({closing, within || layout == Layout::oneLine, true});
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

void JsonComposer::boolean(bool value) {
  place();
  text_ += value ? "true" : "false";
}

void JsonComposer::integer(std::int64_t value) {
  place();
  std::array<char, 24> buffer{};
  text_.append(buffer.data(),
               std::to_chars(buffer.data(), buffer.data() + buffer.size(), value).ptr);
}

void JsonComposer::number(double value) {
  place();
  appendJsonNumber(text_, value, number_);
}

void JsonComposer::exact(double value) {
  place();
  if (!std::isfinite(value)) {
    text_ += "null";
    return;
  }
  // What dump() calls for a number, less the four allocations around it.
  std::array<char, 64> buffer{};
  text_.append(buffer.data(),
               nlohmann::detail::to_chars(buffer.data(), buffer.data() + buffer.size(), value));
}

void JsonComposer::members(std::string_view laidOut) {
  text_ += laidOut;
  levels_.back().empty = false;
  if (sink_ && text_.size() >= kTextPiece) handOn();
}

void JsonComposer::close() {
  const Level level = levels_.back();
  levels_.pop_back();
  if (!level.empty && !level.onOneLine) newLine(levels_.size());
  text_ += level.closing;
}

std::string JsonComposer::take() {
  text_ += '\n';
  if (sink_) handOn();
  return std::exchange(text_, {});
}

void JsonComposer::handOn() {
  sink_(text_);
  text_.clear();
}

namespace {

// The members of a path's parts, as every file that has paths writes them: visit(key, value).
template <class Visit>
void eachMember(const metrics::PathAttempt& attempt, Visit&& visit) {
  visit("kind", attempt.kind);
  visit("chosen", attempt.chosen);
  visit("reason", attempt.reason);
}

template <class Visit>
void eachMember(const metrics::Leg& leg, Visit&& visit) {
  visit("from", leg.from);
  visit("to", leg.to);
  visit("transport", leg.transport);
  visit("nodes", leg.nodes);
  visit("flows", leg.flows);
  visit("connectivity_ice", leg.connectivityIce);
  visit("from_cdr_connectivity_type", leg.fromType);
  visit("to_cdr_connectivity_type", leg.toType);
  visit("relay", leg.relay);
}

// A value of a member, without a tree.
class MemberWriter {
 public:
  explicit MemberWriter(JsonComposer& out) : out_(out) {}
  void operator()(std::string_view key, const std::string& text) { out_.text(key, text); }
  void operator()(std::string_view key, bool value) {
    out_.key(key);
    out_.boolean(value);
  }
  void operator()(std::string_view key, const std::vector<std::string>& texts) {
    out_.key(key);
    out_.openArray(JsonComposer::Layout::oneLine);
    for (const std::string& text : texts) out_.text(text);
    out_.close();
  }

 private:
  JsonComposer& out_;
};

template <class Part>
void composeList(std::string_view key, const std::vector<Part>& parts, JsonComposer& out) {
  out.key(key);
  out.openArray();
  for (const Part& part : parts) {
    out.openObject(JsonComposer::Layout::oneLine);
    eachMember(part, MemberWriter(out));
    out.close();
  }
  out.close();
}

template <class Part>
Json listJson(const std::vector<Part>& parts) {
  Json list = Json::array();
  for (const Part& part : parts) {
    Json& json = list.emplace_back(Json::object());
    eachMember(part, [&](const char* key, const auto& value) { json[key] = value; });
  }
  return list;
}

}  // namespace

void composePath(const std::vector<metrics::PathAttempt>& attempts,
                 const std::vector<metrics::Leg>& legs, JsonComposer& out) {
  composeList("attempts", attempts, out);
  composeList("legs", legs, out);
}

Json pathJson(const std::vector<metrics::PathAttempt>& attempts,
              const std::vector<metrics::Leg>& legs) {
  return {{"attempts", listJson(attempts)}, {"legs", listJson(legs)}};
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
