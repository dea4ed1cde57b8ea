// The typed side of value_type.h: typeOf<X>() is the ValueType of X. Nothing here decides anything.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "src/config/scalar.h"
#include "src/config/value_type.h"

namespace callflow::config {

template <class T>
class Table;

// A type is an object if a table is found for it: `const Table<T>& tableOf(const T*)` in T's
// namespace.
template <class T>
concept HasTable = requires(const T* p) {
  tableOf(p);
};

template <class X>
const ValueType& typeOf();

// Any node at all, kept as it is.
class RawType : public ValueType {
 public:
  Shape shape() const override { return Shape::raw; }
  std::string name() const override { return "any value"; }
  std::string example() const override { return "..."; }
  std::shared_ptr<void> make() const override { return std::make_shared<NodePtr>(); }
  void setDefaults(void*) const override {}
  bool overlay(const Context& context, void* value) const override;
  NodePtr write(const void* value) const override;
  NodePtr schema(SchemaDefinitions& definitions) const override;
};

// A map of any keys to any nodes, kept as it is with the places of the keys (say, `change:` of a
// variant).
struct RawMap {
  std::vector<Node::Entry> entries;
};

class RawMapType : public ValueType {
 public:
  Shape shape() const override { return Shape::raw; }
  std::string name() const override { return "map of key path to value"; }
  std::string example() const override { return "{key: value}"; }
  std::shared_ptr<void> make() const override { return std::make_shared<RawMap>(); }
  void setDefaults(void*) const override {}
  bool overlay(const Context& context, void* value) const override;
  NodePtr write(const void* value) const override;
  NodePtr schema(SchemaDefinitions& definitions) const override;
};

template <class X>
std::partial_ordering orderOf(const X& a, const X& b) {
  if constexpr (std::three_way_comparable<X>) {
    return a <=> b;
  } else {
    return std::partial_ordering::unordered;
  }
}

// Another alternative is neither more nor less.
template <class... Xs>
std::partial_ordering orderOf(const std::variant<Xs...>& a, const std::variant<Xs...>& b) {
  if (a.index() != b.index()) return std::partial_ordering::unordered;
  return std::visit(
      [&](const auto& inside) {
        return orderOf(inside, std::get<std::decay_t<decltype(inside)>>(b));
      },
      a);
}

template <class X>
class ScalarType final : public ScalarTypeBase {
 public:
  std::shared_ptr<void> make() const override { return std::make_shared<X>(); }
  std::partial_ordering order(const void* a, const void* b) const override {
    return orderOf(*static_cast<const X*>(a), *static_cast<const X*>(b));
  }

 protected:
  const ScalarInfo& info() const override { return Scalar<X>::info(); }
  std::string parse(std::string_view text, const SourcePos& pos, void* value) const override {
    Parsed<X> parsed = Scalar<X>::parse(text);
    if (!parsed.value) return std::move(parsed.problem);
    X& out = *static_cast<X*>(value);
    out = std::move(*parsed.value);
    if constexpr (requires { Scalar<X>::setPos(out, pos); }) Scalar<X>::setPos(out, pos);
    return {};
  }
  std::string print(const void* value) const override {
    return Scalar<X>::print(*static_cast<const X*>(value));
  }
};

template <class X>
class OptionalType final : public OptionalTypeBase {
 public:
  std::shared_ptr<void> make() const override { return std::make_shared<std::optional<X>>(); }
  const ValueType* element() const override { return &typeOf<X>(); }
  const void* get(const void* value) const override {
    const auto& optional = *static_cast<const std::optional<X>*>(value);
    return optional ? &*optional : nullptr;
  }
  void* emplace(void* value) const override {
    return &static_cast<std::optional<X>*>(value)->emplace();
  }
  void reset(void* value) const override { static_cast<std::optional<X>*>(value)->reset(); }
};

template <class X>
class ListType final : public ListTypeBase {
 public:
  std::shared_ptr<void> make() const override { return std::make_shared<std::vector<X>>(); }
  const ValueType* element() const override { return &typeOf<X>(); }
  void clear(void* value) const override { static_cast<std::vector<X>*>(value)->clear(); }
  void* append(void* value) const override {
    return &static_cast<std::vector<X>*>(value)->emplace_back();
  }
  std::size_t size(const void* value) const override {
    return static_cast<const std::vector<X>*>(value)->size();
  }
  const void* at(const void* value, std::size_t index) const override {
    return &(*static_cast<const std::vector<X>*>(value))[index];
  }
};

template <class X>
class NamedType final : public NamedTypeBase {
  using Map = std::vector<std::pair<std::string, X>>;

 public:
  std::shared_ptr<void> make() const override { return std::make_shared<Map>(); }
  const ValueType* element() const override { return &typeOf<X>(); }
  void clear(void* value) const override { static_cast<Map*>(value)->clear(); }
  void* append(void* value, const std::string& name) const override {
    return &static_cast<Map*>(value)->emplace_back(name, X{}).second;
  }
  std::size_t size(const void* value) const override {
    return static_cast<const Map*>(value)->size();
  }
  const std::string& nameAt(const void* value, std::size_t index) const override {
    return (*static_cast<const Map*>(value))[index].first;
  }
  const void* at(const void* value, std::size_t index) const override {
    return &(*static_cast<const Map*>(value))[index].second;
  }
};

template <class T>
class TableType final : public TableTypeBase {
 public:
  std::shared_ptr<void> make() const override { return std::make_shared<T>(); }
  const TableBase* table() const override { return &tableOf(static_cast<const T*>(nullptr)); }
};

template <class X>
struct TypeFor {
  static const ValueType& get() {
    if constexpr (HasTable<X>) {
      static const TableType<X> kType;
      return kType;
    } else {
      static const ScalarType<X> kType;
      return kType;
    }
  }
};
template <class X>
struct TypeFor<std::optional<X>> {
  static const ValueType& get() {
    static const OptionalType<X> kType;
    return kType;
  }
};
template <class X>
struct TypeFor<std::vector<X>> {
  static const ValueType& get() {
    static const ListType<X> kType;
    return kType;
  }
};
template <class X>
struct TypeFor<std::vector<std::pair<std::string, X>>> {
  static const ValueType& get() {
    static const NamedType<X> kType;
    return kType;
  }
};
template <>
struct TypeFor<NodePtr> {
  static const ValueType& get() {
    static const RawType kType;
    return kType;
  }
};
template <>
struct TypeFor<RawMap> {
  static const ValueType& get() {
    static const RawMapType kType;
    return kType;
  }
};

template <class X>
const ValueType& typeOf() {
  return TypeFor<X>::get();
}

}  // namespace callflow::config
