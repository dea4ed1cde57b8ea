// Trees as text.
#include <cctype>
#include <cstdio>

#include "src/config/node.h"

namespace callflow::config {
namespace {

constexpr std::size_t kColumns = 100;

bool isDigit(char c) {
  return c >= '0' && c <= '9';
}

// Whether YAML reads the bare text back as the same text, in block and in flow style. Refuses more
// than YAML would: quotes never hurt.
bool plainIsSafe(std::string_view text) {
  if (text.empty() || text == "null" || text == "Null" || text == "NULL") return false;
  const char first = text.front();
  const bool startsWell = std::isalnum(static_cast<unsigned char>(first)) != 0 || first == '/' ||
                          first == '_' || (first == '.' && text.size() > 1 && text[1] != '.') ||
                          (first == '-' && text.size() > 1 && isDigit(text[1]));
  if (!startsWell || text.back() == ' ' || text.back() == ':') return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c < 0x20 || c > 0x7E) return false;
    if (std::string_view{",[]{}\"'`?"}.find(c) != std::string_view::npos) return false;
    if (c == ':' && text[i + 1] == ' ') return false;
    if (c == '#' && text[i - 1] == ' ') return false;
  }
  return true;
}

std::string inQuotes(std::string_view text, bool json) {
  std::string out = "\"";
  for (const char c : text) {
    switch (c) {
      case '"':
        out += "\\\"";
        break;
      case '\\':
        out += "\\\\";
        break;
      case '\n':
        out += "\\n";
        break;
      case '\t':
        out += "\\t";
        break;
      case '\r':
        out += "\\r";
        break;
      default:
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) {
          char code[8];
          std::snprintf(code, sizeof code, json ? "\\u00%02x" : "\\x%02x",
                        static_cast<unsigned>(static_cast<unsigned char>(c)));
          out += code;
        } else {
          out += c;
        }
    }
  }
  return out + "\"";
}

std::string yamlText(std::string_view text, bool quoted) {
  return quoted || !plainIsSafe(text) ? inQuotes(text, false) : std::string{text};
}

void flow(const Node& node, std::string& out) {
  switch (node.kind()) {
    case Node::Kind::null:
      out += "null";
      return;
    case Node::Kind::scalar:
      out += yamlText(node.text(), node.quoted());
      return;
    case Node::Kind::sequence: {
      out += '[';
      const char* between = "";
      for (const NodePtr& item : node.items()) {
        out += between;
        flow(*item, out);
        between = ", ";
      }
      out += ']';
      return;
    }
    case Node::Kind::map: {
      out += '{';
      const char* between = "";
      for (const Node::Entry& entry : node.entries()) {
        out += between + yamlText(entry.key, false) + ": ";
        flow(*entry.value, out);
        between = ", ";
      }
      out += '}';
      return;
    }
  }
}

bool isContainer(const Node& node) {
  return node.isMap() || node.isSequence();
}

// Appends the node behind "key:" or "-", on the same line if it is short and no deeper than
// `levels`.
void block(const Node& node, std::size_t indent, std::string& out);

bool onOneLine(const Node& node, int levels, std::string& out) {
  if (isContainer(node) && node.height() > levels) return false;
  std::string line;
  flow(node, line);
  const std::size_t start = out.rfind('\n');
  const std::size_t column = out.size() - (start == std::string::npos ? 0 : start + 1);
  if (isContainer(node) && node.height() > 0 && column + line.size() > kColumns) return false;
  out += line + "\n";
  return true;
}

void blockMap(const Node& node, std::size_t indent, bool firstIsIndented, std::string& out) {
  for (const Node::Entry& entry : node.entries()) {
    if (!firstIsIndented) out.append(indent, ' ');
    firstIsIndented = false;
    out += yamlText(entry.key, false) + ":";
    const std::size_t mark = out.size();
    out += ' ';
    if (onOneLine(*entry.value, 1, out)) continue;
    out.resize(mark);
    out += '\n';
    block(*entry.value, indent + 2, out);
  }
}

void block(const Node& node, std::size_t indent, std::string& out) {
  if (node.isMap()) {
    blockMap(node, indent, false, out);
    return;
  }
  for (const NodePtr& item : node.items()) {
    out.append(indent, ' ');
    const std::size_t mark = out.size();
    out += "- ";
    if (onOneLine(*item, 2, out)) continue;
    if (item->isMap()) {
      blockMap(*item, indent + 2, true, out);
    } else {
      out.resize(mark);
      out += "-\n";
      block(*item, indent + 2, out);
    }
  }
}

bool isJsonBare(const Node& node) {
  if (node.quoted()) return false;
  std::string_view text = node.text();
  if (text == "true" || text == "false") return true;
  if (text.starts_with('-')) text.remove_prefix(1);
  if (text.empty() || (text.size() > 1 && text[0] == '0' && text[1] != '.')) return false;
  bool point = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '.' && !point && i > 0 && i + 1 < text.size()) {
      point = true;
    } else if (!isDigit(text[i])) {
      return false;
    }
  }
  return true;
}

void json(const Node& node, std::size_t indent, std::string& out) {
  const auto line = [&](std::size_t depth) {
    out += '\n';
    out.append(depth, ' ');
  };
  switch (node.kind()) {
    case Node::Kind::null:
      out += "null";
      return;
    case Node::Kind::scalar:
      out += isJsonBare(node) ? node.text() : inQuotes(node.text(), true);
      return;
    case Node::Kind::sequence: {
      out += '[';
      const char* between = "";
      for (const NodePtr& item : node.items()) {
        out += between;
        line(indent + 2);
        json(*item, indent + 2, out);
        between = ",";
      }
      if (!node.items().empty()) line(indent);
      out += ']';
      return;
    }
    case Node::Kind::map: {
      out += '{';
      const char* between = "";
      for (const Node::Entry& entry : node.entries()) {
        out += between;
        line(indent + 2);
        out += inQuotes(entry.key, true) + ": ";
        json(*entry.value, indent + 2, out);
        between = ",";
      }
      if (!node.entries().empty()) line(indent);
      out += '}';
      return;
    }
  }
}

}  // namespace

std::string toYaml(const Node& node) {
  std::string out;
  if (isContainer(node) && node.height() > 0) {
    block(node, 0, out);
  } else {
    onOneLine(node, 0, out);
  }
  return out;
}

std::string toFlow(const Node& node) {
  std::string out;
  flow(node, out);
  return out;
}

std::string toJson(const Node& node) {
  std::string out;
  json(node, 0, out);
  return out + "\n";
}

}  // namespace callflow::config
