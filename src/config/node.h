// What a YAML file says, as an immutable tree in which every value and every key knows its place.
// yaml-cpp's own tree hides duplicate keys and the place of an aliased value, hence this one.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "src/diag/diag.h"

namespace callflow::config {

class Node;
using NodePtr = std::shared_ptr<const Node>;

class Node {
 public:
  enum class Kind { null, scalar, sequence, map };
  struct Entry {
    std::string key;
    SourcePos keyPos;
    NodePtr value;  // never null
  };

  static NodePtr makeNull(SourcePos pos = {});
  // `quoted`: written in quotes or as a block; such a text is never a number, a boolean or "none".
  static NodePtr makeScalar(std::string text, SourcePos pos = {}, bool quoted = false);
  static NodePtr makeSequence(std::vector<NodePtr> items, SourcePos pos = {});
  static NodePtr makeMap(std::vector<Entry> entries, SourcePos pos = {});

  Kind kind() const { return kind_; }
  bool isNull() const { return kind_ == Kind::null; }
  bool isScalar() const { return kind_ == Kind::scalar; }
  bool isSequence() const { return kind_ == Kind::sequence; }
  bool isMap() const { return kind_ == Kind::map; }

  const SourcePos& pos() const { return pos_; }
  const std::string& text() const { return text_; }  // of a scalar; else empty
  bool quoted() const { return quoted_; }
  const std::vector<NodePtr>& items() const { return items_; }  // of a sequence; else empty
  const std::vector<Entry>& entries() const {
    return entries_;
  }                                               // of a map, in the order of the file
  const Entry* find(std::string_view key) const;  // null if not a map or not there
  NodePtr get(std::string_view key) const;        // the entry's value, or null
  std::string kindName() const;                   // "a map", "a list", "a text", "nothing"
  // What the subtree would count if every alias were a copy; stops at a trillion. Levels below this
  // one.
  std::size_t expandedSize() const { return expandedSize_; }
  int height() const { return height_; }

 private:
  Node() = default;
  Kind kind_ = Kind::null;
  bool quoted_ = false;
  int height_ = 0;
  std::size_t expandedSize_ = 1;
  SourcePos pos_;
  std::string text_;
  std::vector<NodePtr> items_;
  std::vector<Entry> entries_;
};

// Same values in the same order, wherever they stand.
bool sameValue(const Node& a, const Node& b);

// Block style, short leaves on one line; ends with a newline. Reads back to the same values.
std::string toYaml(const Node& node);
// Flow style on one line, without a newline.
std::string toFlow(const Node& node);
// JSON, indented by two. Plain scalars that are JSON numbers or true/false stay bare, the rest are
// strings.
std::string toJson(const Node& node);

}  // namespace callflow::config
