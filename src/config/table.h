// Parameter tables: one row per parameter of the YAML, from which the reader, the messages, the
// help, the reference, the JSON Schema and the writer of the resolved file are made. There is no
// second list.
//
//   // keys.h or parameters.h, in the namespace of the type:
//   const config::Table<Jitter>& tableOf(const Jitter*);
//
//   // keys.cc
//   const config::Table<Jitter>& tableOf(const Jitter*) {
//     static const config::Table<Jitter> kTable =
//         config::Table<Jitter>("jitter", "Extra delay that differs from packet to packet.")
//             .add("mean", &Jitter::mean,
//                  {.def = "0 ms", .max = "10 s", .help = "Mean of the extra delay.",
//                   .source = "ours: none unless asked for"})
//             .add("distribution", &Jitter::distribution,
//                  {.def = "exponential", .help = "Shape of the extra delay.",
//                   .source = "ours: M/M/1"})
//             .shorthand("mean");  // `jitter: 0.5 ms` means {mean: 0.5 ms}
//     return kTable;
//   }
//
// Member types: Duration, DataSize, DataRate, Ratio, bool, integers, double, std::string, enums
// with EnumNames, any type with a Scalar specialisation (scalar.h), std::variant of those,
// std::optional<X>, std::vector<X>, std::vector<std::pair<std::string, X>> (a map of the user's
// names), and types with a tableOf. RawMap and NodePtr keep what is written.
//
// How an object is read: its members get the table's defaults (a row's default over the member's
// own table's), then the keys that are written are read over them. Thus one type can have other
// defaults in other places: `.add("access", &Site::access, {.def = "{rate: 1 Gbit/s, delay: 0.2
// ms}"})`.
#pragma once

#include <concepts>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "src/config/table_base.h"
#include "src/config/value_adapters.h"

namespace callflow::config {

// A user's map, in the order of the file.
template <class X>
using Named = std::vector<std::pair<std::string, X>>;

template <class T, class Member>
class MemberField final : public Field {
 public:
  explicit MemberField(Member pointer) : pointer_(pointer) {}
  void* member(void* object) const override { return &(static_cast<T*>(object)->*pointer_); }

 private:
  Member pointer_;
};

template <class T, class X, class Get, class Set>
class PropertyField final : public Field {
 public:
  PropertyField(Get getter, Set setter) : get_(std::move(getter)), set_(std::move(setter)) {}
  void* member(void*) const override { return nullptr; }
  std::shared_ptr<void> get(const void* object) const override {
    std::optional<X> value = get_(*static_cast<const T*>(object));
    return value ? std::make_shared<X>(std::move(*value)) : nullptr;
  }
  void set(void* object, const void* value) const override {
    set_(*static_cast<T*>(object), *static_cast<const X*>(value));
  }

 private:
  Get get_;
  Set set_;
};

template <class T>
class Table : public TableBase {
 public:
  // `kind` is what `callflow help` and the schema call the object; unique among all tables.
  Table(std::string kind, std::string help) : TableBase(std::move(kind), std::move(help)) {}
  Table(Table&& other) noexcept : TableBase(other.kind_, other.help_) { take(std::move(other)); }

  std::shared_ptr<void> makeObject() const override { return std::make_shared<T>(); }

  // A member, of T or of a base of T.
  template <class M, class C>
  requires std::derived_from<T, C> Table && add(std::string key, M C::*member, RowSpec spec) && {
    addRow(std::move(key), std::move(spec), typeOf<M>(),
           std::make_shared<MemberField<T, M C::*>>(member));
    return std::move(*this);
  }

  // A key that is not one member. `get` (const T& -> std::optional<X>) gives nothing if the key
  // would not be written now; `set` (T&, const X&) takes what was read. Without a default, set is
  // called only if the key is written. E.g. `allow: udp`, which sets a rule's action and its
  // protocol.
  template <class X, class Get, class Set>
  Table&& property(std::string key, Get get, Set set, RowSpec spec) && {
    addRow(std::move(key), std::move(spec), typeOf<X>(),
           std::make_shared<PropertyField<T, X, Get, Set>>(std::move(get), std::move(set)));
    return std::move(*this);
  }

  // `first` and `second` (say, "up" and "down") are sub-maps with the keys of D's table; each of
  // those keys may also stand at this level, for both directions, and a scalar then also as "5
  // Mbit/s up 20 Mbit/s down". The sub-maps win. The members must have been given no row of their
  // own.
  template <class D>
  Table&& bothWays(std::string first, D T::*firstMember, std::string second, D T::*secondMember,
                   RowSpec spec) && {
    both_.first = std::move(first);
    both_.second = std::move(second);
    both_.spec = std::move(spec);
    both_.type = &typeOf<D>();
    both_.firstField = std::make_shared<MemberField<T, D T::*>>(firstMember);
    both_.secondField = std::make_shared<MemberField<T, D T::*>>(secondMember);
    return std::move(*this);
  }

  // `key` chooses the alternative of a variant by the kind() of the alternative's table; that
  // table's keys stand beside T's own.
  template <class... Alternatives>
  Table&& kinds(std::string key, std::variant<Alternatives...> T::*member, RowSpec spec) && {
    using Variant = std::variant<Alternatives...>;
    kinds_.key = std::move(key);
    kinds_.spec = std::move(spec);
    kinds_.tables = {+[]() -> const TableBase& {
      return tableOf(static_cast<const Alternatives*>(nullptr));
    }...};
    kinds_.emplace = [member](void* object, std::size_t index) -> void* {
      Variant& variant = static_cast<T*>(object)->*member;
      void* inside = nullptr;
      std::size_t i = 0;
      ((i++ == index ? void(inside = &variant.template emplace<Alternatives>()) : void()), ...);
      return inside;
    };
    kinds_.index = [member](const void* object) {
      return (static_cast<const T*>(object)->*member).index();
    };
    kinds_.get = [member](const void* object) {
      return std::visit([](const auto& value) -> const void* { return &value; },
                        static_cast<const T*>(object)->*member);
    };
    return std::move(*this);
  }

  // `key` takes the name of one of `all`, which must outlive the table: the object gets its table's
  // own defaults (not those of the place where it stands), then the preset's values, then what is
  // written beside the key. Only the values are written back.
  Table&& presets(std::string key, const std::vector<Preset>& all, RowSpec spec) && {
    preparePresets(std::move(key), all, std::move(spec));
    return std::move(*this);
  }

  // A value that is not a map is read as this key's value.
  Table&& shorthand(std::string key) && {
    shorthand_ = std::move(key);
    return std::move(*this);
  }

  // A list is read as the values of these keys in this order: `location: [52.37, 4.90]`.
  Table&& positional(std::vector<std::string> keys) && {
    positional_ = std::move(keys);
    return std::move(*this);
  }

  // In a list, two objects with the same value of this key are a fault, and key paths name items by
  // it.
  Table&& nameKey(std::string key) && {
    nameKey_ = std::move(key);
    return std::move(*this);
  }

  // Runs after an object was read without fault, with what the context knows of its node and keys;
  // may report and may complete the object. Not run for objects that only defaults made.
  Table&& check(std::function<void(T&, const Context&)> run) && {
    checks_.push_back([run = std::move(run)](void* object, const Context& context) {
      run(*static_cast<T*>(object), context);
    });
    return std::move(*this);
  }

  // The member learns where the object is written: at its name, or its item in a list.
  template <class C>
  requires std::derived_from<T, C> Table && position(SourcePos C::*member) && {
    setPos_ = [member](void* object, const SourcePos& pos) {
      static_cast<T*>(object)->*member = pos;
    };
    return std::move(*this);
  }

 private:
  void take(Table&& other) {
    rows_ = std::move(other.rows_);
    kinds_ = std::move(other.kinds_);
    both_ = std::move(other.both_);
    presets_ = std::move(other.presets_);
    shorthand_ = std::move(other.shorthand_);
    positional_ = std::move(other.positional_);
    nameKey_ = std::move(other.nameKey_);
    checks_ = std::move(other.checks_);
    setPos_ = std::move(other.setPos_);
  }
};

bool readInto(const NodePtr& root, const TableBase& table, Diagnostics& diagnostics,
              const std::string& path, void* object);

// The object that the tree describes, every default filled in; nothing if there was any fault (all
// of them are reported). `path` is put before the key paths of messages.
template <class T>
std::optional<T> read(const NodePtr& root, const Table<T>& table, Diagnostics& diagnostics,
                      const std::string& path = {}) {
  std::optional<T> out{std::in_place};
  if (!readInto(root, table, diagnostics, path, &*out)) out.reset();
  return out;
}

// Every key with its value in force; reads back to an equal object.
template <class T>
NodePtr write(const Table<T>& table, const T& object) {
  return table.write(&object);
}

}  // namespace callflow::config
