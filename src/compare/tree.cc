#include "src/compare/tree.h"

#include <algorithm>
#include <string_view>

namespace callflow::compare {

namespace {

struct Line {
  std::size_t indent;
  std::string text;  // without indentation, comment and trailing space
};

std::string_view trim(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

// Calls `each(position)` for every character outside quotes, until it returns false.
template <class Each>
void outsideQuotes(std::string_view text, Each each) {
  char quote = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quote != 0) {
      if (quote == '"' && c == '\\') {
        ++i;
      } else if (c == quote) {
        quote = 0;
      }
    } else if ((c == '"' || c == '\'') &&
               (i == 0 || std::string_view(" [{,:").find(text[i - 1]) != std::string_view::npos)) {
      quote = c;
    } else if (!each(i)) {
      return;
    }
  }
}

std::string_view withoutComment(std::string_view text) {
  std::size_t end = text.size();
  outsideQuotes(text, [&](std::size_t i) {
    if (text[i] != '#' || (i > 0 && text[i - 1] != ' ')) return true;
    end = i;
    return false;
  });
  return trim(text.substr(0, end));
}

// Where the colon that ends a key stands; npos if the text is no "key: value".
std::size_t colonOf(std::string_view text) {
  std::size_t found = std::string_view::npos;
  outsideQuotes(text, [&](std::size_t i) {
    if (text[i] == '[' || text[i] == '{') return false;
    if (text[i] != ':' || (i + 1 < text.size() && text[i + 1] != ' ')) return true;
    found = i;
    return false;
  });
  return found;
}

std::string unquoted(std::string_view text) {
  text = trim(text);
  if (text.size() < 2 || text.front() != text.back()) return std::string{text};
  const char quote = text.front();
  if (quote != '"' && quote != '\'') return std::string{text};
  std::string plain;
  for (std::size_t i = 1; i + 1 < text.size(); ++i) {
    if ((quote == '"' && text[i] == '\\') || (quote == '\'' && text[i] == '\'')) ++i;
    plain += text[i];
  }
  return plain;
}

int depthOf(std::string_view text) {
  int depth = 0;
  outsideQuotes(text, [&](std::size_t i) {
    if (text[i] == '[' || text[i] == '{') ++depth;
    if (text[i] == ']' || text[i] == '}') --depth;
    return true;
  });
  return depth;
}

Tree scalarTree(std::string_view text) {
  Tree tree;
  tree.scalar = unquoted(text);
  return tree;
}

Tree flowTree(std::string_view text) {
  text = trim(text);
  const bool map = text.starts_with('{') && text.ends_with('}');
  if (!map && !(text.starts_with('[') && text.ends_with(']'))) return scalarTree(text);
  Tree tree;
  tree.kind = map ? Tree::Kind::map : Tree::Kind::list;
  const std::string_view inside = text.substr(1, text.size() - 2);
  const auto add = [&](std::string_view part) {
    part = trim(part);
    if (part.empty()) return;
    if (!map) {
      tree.list.push_back(flowTree(part));
      return;
    }
    const std::size_t colon = colonOf(part);
    if (colon == std::string_view::npos) {
      tree.map.emplace_back(unquoted(part), Tree{});
    } else {
      tree.map.emplace_back(unquoted(part.substr(0, colon)), flowTree(part.substr(colon + 1)));
    }
  };
  int depth = 0;
  std::size_t start = 0;
  outsideQuotes(inside, [&](std::size_t i) {
    const char c = inside[i];
    if (c == '[' || c == '{') ++depth;
    if (c == ']' || c == '}') --depth;
    if (c == ',' && depth == 0) {
      add(inside.substr(start, i - start));
      start = i + 1;
    }
    return true;
  });
  add(inside.substr(start));
  return tree;
}

class Parser {
 public:
  explicit Parser(std::string_view yaml) {
    while (!yaml.empty()) {
      const std::size_t end = std::min(yaml.find('\n'), yaml.size());
      const std::string_view raw = yaml.substr(0, end);
      yaml.remove_prefix(std::min(end + 1, yaml.size()));
      const std::string_view text = withoutComment(raw);
      if (text.empty() || text == "---") continue;
      lines_.push_back({raw.find_first_not_of(' '), std::string{text}});
    }
  }

  Tree document() { return lines_.empty() ? Tree{} : block(lines_.front().indent); }

 private:
  bool at(std::size_t indent) const {
    return next_ < lines_.size() && lines_[next_].indent == indent;
  }
  static bool isItem(std::string_view text) { return text == "-" || text.starts_with("- "); }

  Tree block(std::size_t indent) {
    if (isItem(lines_[next_].text)) return list(indent);
    if (colonOf(lines_[next_].text) != std::string_view::npos) return map(indent);
    const std::string text = lines_[next_++].text;
    return value(text, indent);
  }

  Tree list(std::size_t indent) {
    Tree tree;
    tree.kind = Tree::Kind::list;
    while (at(indent) && isItem(lines_[next_].text)) {
      Line& line = lines_[next_];
      const std::size_t start = line.text.find_first_not_of(' ', 1);
      if (start == std::string::npos) {
        ++next_;
        tree.list.push_back(below(indent + 1));
        continue;
      }
      // The rest of the line is a block of its own, as deep as it stands.
      line.indent = indent + start;
      line.text.erase(0, start);
      tree.list.push_back(block(line.indent));
      skipDeeper(indent);
    }
    return tree;
  }

  Tree map(std::size_t indent) {
    Tree tree;
    tree.kind = Tree::Kind::map;
    while (at(indent) && !isItem(lines_[next_].text)) {
      const std::string text = lines_[next_++].text;
      const std::size_t colon = colonOf(text);
      if (colon == std::string::npos) {
        tree.map.emplace_back(text, Tree{});
        continue;
      }
      const std::string key = unquoted(std::string_view(text).substr(0, colon));
      const std::string_view rest = trim(std::string_view(text).substr(colon + 1));
      if (!rest.empty()) {
        tree.map.emplace_back(key, value(rest, indent));
      } else if (at(indent) && isItem(lines_[next_].text)) {
        tree.map.emplace_back(key, list(indent));  // a list may stand as deep as its key
      } else {
        tree.map.emplace_back(key, below(indent + 1));
      }
      skipDeeper(indent);
    }
    return tree;
  }

  Tree below(std::size_t least) {
    if (next_ == lines_.size() || lines_[next_].indent < least) return {};
    return block(lines_[next_].indent);
  }

  // What stands behind a key or a dash, with the lines that it goes on over.
  Tree value(std::string_view first, std::size_t indent) {
    std::string text{first};
    if (text.starts_with('|') || text.starts_with('>')) {
      text.clear();
      while (next_ < lines_.size() && lines_[next_].indent > indent) {
        text += (text.empty() ? "" : "\n") + lines_[next_++].text;
      }
      return scalarTree(text);
    }
    while (depthOf(text) > 0 && next_ < lines_.size()) text += ' ' + lines_[next_++].text;
    return flowTree(text);
  }

  void skipDeeper(std::size_t indent) {
    while (next_ < lines_.size() && lines_[next_].indent > indent) ++next_;
  }

  std::vector<Line> lines_;
  std::size_t next_ = 0;
};

}  // namespace

const Tree* Tree::find(const std::string& key) const {
  const auto found =
      std::find_if(map.begin(), map.end(), [&](const auto& entry) { return entry.first == key; });
  return found == map.end() ? nullptr : &found->second;
}

std::string Tree::flow() const {
  if (kind == Kind::scalar) return scalar;
  std::string text;
  for (const auto& [key, value] : map)
    text += (text.empty() ? "" : ", ") + key + ": " + value.flow();
  for (const Tree& item : list) text += (text.empty() ? "" : ", ") + item.flow();
  return kind == Kind::map ? '{' + text + '}' : '[' + text + ']';
}

Tree parseTree(const std::string& yaml) {
  return Parser(yaml).document();
}

}  // namespace callflow::compare
