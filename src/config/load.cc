#include "src/config/load.h"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include <exception>
#include <map>
#include <optional>
#include <set>
#include <sstream>
#include <string_view>
#include <utility>

#include "src/config/read_text.h"

namespace callflow::config {
namespace {

// Thrown out of yaml-cpp's parser to end it; caught in parseYaml, after the fault has been
// reported.
struct Stop {};

struct Readable {
  const char* problem;
  const char* advice;
};

constexpr Readable kOpenQuote{"a quote is opened and never closed",
                              "close the text with the same quote"};

// The text by lines, for what yaml-cpp does not say.
class Lines {
 public:
  explicit Lines(const std::string& text) : text_(text), starts_{0} {
    for (std::size_t i = 0; i < text.size(); ++i) {
      if (text[i] == '\n') starts_.push_back(i + 1);
    }
  }

  // yaml-cpp 0.7 takes the end of the file for the closing quote. True if no quote starts at the
  // mark.
  bool quoteIsClosed(const YAML::Mark& mark) const {
    std::size_t i = offset(mark);
    if (i >= text_.size()) return true;
    const char quote = text_[i];
    if (quote != '"' && quote != '\'') return true;
    for (++i; i < text_.size(); ++i) {
      const bool doubled = quote == '\'' && text_.compare(i, 2, "''") == 0;
      if (doubled || (text_[i] == '\\' && quote == '"')) {
        ++i;
      } else if (text_[i] == quote) {
        return true;
      }
    }
    return false;
  }

  bool isIndentedByTab(const YAML::Mark& mark) const {
    const auto line = static_cast<std::size_t>(mark.line);
    if (mark.line < 0 || line >= starts_.size()) return false;
    const std::size_t start = starts_[line];
    const std::size_t end = text_.find_first_not_of(" \t", start);
    return text_.substr(start, end - start).find('\t') != std::string::npos;
  }

 private:
  std::size_t offset(const YAML::Mark& mark) const {
    const auto line = static_cast<std::size_t>(mark.line);
    if (mark.line < 0 || line >= starts_.size()) return text_.size();
    return starts_[line] + static_cast<std::size_t>(mark.column);
  }

  const std::string& text_;
  std::vector<std::size_t> starts_;
};

// Builds the tree from yaml-cpp's events and reports what callflow does not take.
class Builder final : public YAML::EventHandler {
 public:
  Builder(FileName file, const Lines& lines, const LoadLimits& limits, Diagnostics& diagnostics)
      : file_(std::move(file)), lines_(lines), limits_(limits), diagnostics_(diagnostics) {}

  const NodePtr& root() const { return root_; }

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (++documents_ == 1) return;
    fail(at(mark), "a second YAML document starts here", "keep one document in a file");
    throw Stop{};
  }
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    finish(Node::makeNull(at(mark)), anchor, at(mark));
  }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    const auto found = anchors_.find(anchor);
    if (found == anchors_.end()) {
      fail(at(mark), "this alias stands inside what it refers to", "write the value out");
      throw Stop{};
    }
    if (static_cast<int>(stack_.size()) + found->second->height() > limits_.depth) tooDeep(mark);
    add(found->second, at(mark));
  }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    checkTag(mark, tag);
    // yaml-cpp's own tags: "?" for a plain scalar, "!" for one in quotes or in a block.
    if (tag == "!" && !lines_.quoteIsClosed(mark)) {
      fail(at(mark), kOpenQuote.problem, kOpenQuote.advice);
      throw Stop{};
    }
    finish(Node::makeScalar(value, at(mark), tag == "!"), anchor, at(mark));
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    open(Node::Kind::sequence, mark, tag, anchor);
  }
  void OnSequenceEnd() override {
    Frame frame = close();
    finish(Node::makeSequence(std::move(frame.items), frame.pos), frame.anchor, frame.pos);
  }

  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    open(Node::Kind::map, mark, tag, anchor);
  }
  void OnMapEnd() override {
    Frame frame = close();
    finish(Node::makeMap(withMerged(frame), frame.pos), frame.anchor, frame.pos);
  }

 private:
  // Maps whose keys are those of another one too (<<), where it does not have them itself.
  struct Merge {
    std::size_t at;  // before this entry of it
    NodePtr map;
  };

  struct Frame {
    Node::Kind kind;
    SourcePos pos;
    YAML::anchor_t anchor;
    std::size_t size = 1;
    std::vector<NodePtr> items = {};
    std::vector<Node::Entry> entries = {};
    std::map<std::string, int> lines = {};  // of each key's first definition
    bool hasKey = false;
    bool keep = true;     // false: the key is at fault, its value is dropped
    bool merges = false;  // the key is <<
    std::vector<Merge> merged = {};
    std::string key = {};
    SourcePos keyPos = {};
  };

  SourcePos at(const YAML::Mark& mark) const {
    if (mark.is_null()) return {file_, 0, 0};
    return {file_, mark.line + 1, mark.column + 1};
  }

  std::string path() const {
    std::string out;
    for (const Frame& frame : stack_) {
      if (frame.kind == Node::Kind::sequence) {
        out += "[" + std::to_string(frame.items.size()) + "]";
      } else if (frame.hasKey) {
        out += (out.empty() ? "" : ".") + frame.key;
      }
    }
    return out;
  }

  void fail(SourcePos pos, std::string problem, std::string advice) {
    diagnostics_.error(std::move(pos), path(), std::move(problem), std::move(advice));
  }

  [[noreturn]] void tooDeep(const YAML::Mark& mark) {
    diagnostics_.error(at(mark), "",
                       "nested deeper than " + std::to_string(limits_.depth) + " levels",
                       "write a flatter file");
    throw Stop{};
  }

  void checkTag(const YAML::Mark& mark, const std::string& tag) {
    if (tag.empty() || tag == "?" || tag == "!") return;
    constexpr std::string_view kStandard = "tag:yaml.org,2002:";
    const std::string shown =
        tag.starts_with(kStandard) ? "!!" + tag.substr(kStandard.size()) : tag;
    fail(at(mark), "has the tag " + shown + ", and tags are not supported",
         "leave the tag out; the key says of what type a value is");
  }

  void open(Node::Kind kind, const YAML::Mark& mark, const std::string& tag,
            YAML::anchor_t anchor) {
    if (static_cast<int>(stack_.size()) >= limits_.depth) tooDeep(mark);
    checkTag(mark, tag);
    stack_.push_back({kind, at(mark), anchor});
  }

  Frame close() {
    Frame frame = std::move(stack_.back());
    stack_.pop_back();
    return frame;
  }

  void finish(NodePtr node, YAML::anchor_t anchor, const SourcePos& pos) {
    if (anchor != 0) anchors_[anchor] = node;
    add(std::move(node), pos);
  }

  // `pos` is where the node is used: for an alias not where the node itself stands.
  void add(NodePtr node, const SourcePos& pos) {
    if (stack_.empty()) {
      root_ = std::move(node);
      return;
    }
    Frame& frame = stack_.back();
    const bool isKey = frame.kind == Node::Kind::map && !frame.hasKey;
    if (!isKey) frame.size += node->expandedSize();
    if (frame.size > limits_.nodes) {
      fail(pos,
           "the file holds more than " + std::to_string(limits_.nodes) +
               " values, with each alias counted as what it stands for",
           "write a smaller file, or fewer aliases of aliases");
      throw Stop{};
    }
    if (frame.kind == Node::Kind::sequence) {
      frame.items.push_back(std::move(node));
    } else if (isKey) {
      takeKey(frame, *node, pos);
    } else if (frame.merges) {
      takeMerge(frame, node, pos);
      frame.hasKey = false;
    } else {
      if (frame.keep) frame.entries.push_back({frame.key, frame.keyPos, std::move(node)});
      frame.hasKey = false;
    }
  }

  void takeKey(Frame& frame, const Node& node, const SourcePos& pos) {
    frame.keyPos = pos;
    frame.keep = false;
    frame.key = node.isScalar() ? node.text() : "?";
    if (!node.isScalar()) {
      fail(pos, "a key is " + node.kindName() + ", not a text", "write one word before the colon");
    } else {
      frame.merges = node.text() == "<<" && !node.quoted();
      const auto [first, is_new] = frame.lines.emplace(node.text(), pos.line);
      frame.keep = is_new;
      frame.hasKey = true;
      if (!is_new) {
        fail(pos, "defined twice", "first definition at line " + std::to_string(first->second));
      }
    }
    frame.hasKey = true;
  }

  // Of `<<: *a` and `<<: [*a, *b]`.
  void takeMerge(Frame& frame, const NodePtr& node, const SourcePos& pos) {
    const std::vector<NodePtr> maps =
        node->isSequence() ? node->items() : std::vector<NodePtr>{node};
    for (const NodePtr& map : maps) {
      if (map->isMap()) {
        frame.merged.push_back({frame.entries.size(), map});
        continue;
      }
      fail(pos, "merges " + map->kindName() + ", not a map",
           "write an alias of a map, such as <<: *defaults, or a list of them");
    }
  }

  // What the map says itself wins, then what is merged first (yaml.org/type/merge.html).
  static std::vector<Node::Entry> withMerged(Frame& frame) {
    if (frame.merged.empty()) return std::move(frame.entries);
    std::set<std::string> own;
    for (const Node::Entry& entry : frame.entries) own.insert(entry.key);
    std::vector<Node::Entry> out;
    auto next = frame.merged.begin();
    for (std::size_t i = 0; i <= frame.entries.size(); ++i) {
      for (; next != frame.merged.end() && next->at == i; ++next)
        for (const Node::Entry& entry : next->map->entries())
          if (own.insert(entry.key).second) out.push_back(entry);
      if (i < frame.entries.size()) out.push_back(std::move(frame.entries[i]));
    }
    return out;
  }

  FileName file_;
  const Lines& lines_;
  const LoadLimits& limits_;
  Diagnostics& diagnostics_;
  int documents_ = 0;
  NodePtr root_;
  std::vector<Frame> stack_;
  std::map<YAML::anchor_t, NodePtr> anchors_;
};

// yaml-cpp's message in the words of somebody who wrote a file, not a parser.
Readable readable(const std::string& message) {
  using namespace YAML::ErrorMsg;
  static const std::map<std::string, Readable> kTexts = {
      {END_OF_MAP,
       {"the indentation does not fit what stands above",
        "start each key of a map in the same column, with \": \" behind it"}},
      {END_OF_MAP_FLOW,
       {"\"{\" without its \"}\", or a \",\" is missing", "close the map with \"}\""}},
      {END_OF_SEQ,
       {"the indentation does not fit the list above",
        "start each item of a list with \"- \" in the same column"}},
      {END_OF_SEQ_FLOW,
       {"\"[\" without its \"]\", or a \",\" is missing", "close the list with \"]\""}},
      {EOF_IN_SCALAR, kOpenQuote},
      {DOC_IN_SCALAR, kOpenQuote},
      {TAB_IN_INDENTATION, {"a tab stands in the indentation", "indent with spaces"}},
      {UNKNOWN_TOKEN,
       {"a character that cannot start a value",
        "put the text in quotes (\"...\") if it is meant"}},
      {FLOW_END, {"a closing bracket without an opening one", "remove it, or open it"}},
      {BLOCK_ENTRY, {"a list item (\"- \") cannot stand here", "put the list on lines of its own"}},
      {MAP_KEY, {"a key cannot stand here", "put the key on a line of its own"}},
      {MAP_VALUE,
       {"a \":\" cannot stand here", "put a text that holds \": \" in quotes, one key a line"}},
      {UNKNOWN_ANCHOR, {"this alias (*) has no anchor (&) above it", "define the anchor first"}},
      {CHAR_IN_ALIAS, {"a \"*\" starts an alias", "put the text in quotes if it is meant as text"}},
      {CHAR_IN_ANCHOR,
       {"a \"&\" starts an anchor", "put the text in quotes if it is meant as text"}},
      {ALIAS_NOT_FOUND,
       {"a \"*\" without a name", "put the text in quotes if it is meant as text"}},
      {ANCHOR_NOT_FOUND,
       {"an \"&\" without a name", "put the text in quotes if it is meant as text"}},
  };
  const auto found = kTexts.find(message);
  if (found != kTexts.end()) return found->second;
  if (message.starts_with(INVALID_ESCAPE)) {
    return {"what stands behind \"\\\" is no escape",
            "write \"\\\\\" for a backslash, or use single quotes"};
  }
  return {nullptr, "see https://yaml.org for the form of a YAML file"};
}

// `partial` gets the tree even if keys in it were at fault; the result is null then.
NodePtr parse(const std::string& text, const FileName& file, Diagnostics& diagnostics,
              const LoadLimits& limits, NodePtr& partial) {
  const int before = diagnostics.errorCount();
  if (text.size() > limits.bytes) {
    tooLarge(file, limits, diagnostics);
    return nullptr;
  }
  if (!isText(file, text, diagnostics)) return nullptr;
  const Lines lines(text);
  Builder builder(file, lines, limits, diagnostics);
  try {
    std::istringstream in(text);
    YAML::Parser parser(in);
    while (parser.HandleNextDocument(builder)) {
    }
  } catch (const Stop&) {
    return nullptr;
  } catch (const YAML::Exception& e) {
    const Readable words =
        readable(lines.isIndentedByTab(e.mark) ? YAML::ErrorMsg::TAB_IN_INDENTATION : e.msg);
    SourcePos pos{file, 0, 0};
    if (!e.mark.is_null()) pos = {file, e.mark.line + 1, e.mark.column + 1};
    diagnostics.error(
        pos, "", std::string{"is not YAML: "} + (words.problem ? words.problem : e.msg.c_str()),
        words.advice);
    return nullptr;
  } catch (const std::exception& e) {
    diagnostics.error({file, 0, 0}, "", std::string{"cannot be read as YAML: "} + e.what(), {});
    return nullptr;
  }
  if (diagnostics.errorCount() > before) {
    partial = builder.root();
    return nullptr;
  }
  if (builder.root() == nullptr || builder.root()->isNull()) {
    diagnostics.error({file, 1, 1}, "", "is empty",
                      "write at least one key; \"callflow help\" names them");
    return nullptr;
  }
  partial = builder.root();
  return builder.root();
}

}  // namespace

LoadedFile loadFile(const std::string& name, Diagnostics& diagnostics, const LoadLimits& limits) {
  const auto file = std::make_shared<const std::string>(name);
  LoadedFile out;
  std::optional<std::string> text = readOnce(name, file, limits, diagnostics);
  if (!text) return out;
  out.text = std::move(*text);
  out.root = parse(out.text, file, diagnostics, limits, out.partial);
  return out;
}

NodePtr parseYaml(const std::string& text, const std::string& name, Diagnostics& diagnostics,
                  const LoadLimits& limits) {
  NodePtr partial;
  return parse(text, std::make_shared<const std::string>(name), diagnostics, limits, partial);
}

}  // namespace callflow::config
