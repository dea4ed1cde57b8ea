#include "src/results/pack.h"

#include <cstring>
#include <type_traits>
#include <utility>

#include "src/results/result.h"

namespace callflow::results {

namespace {

using namespace metrics;

class Writer {
 public:
  template <class T>
  void plain(const T& value) {
    bytes_.append(reinterpret_cast<const char*>(&value), sizeof value);
  }
  void text(const std::string& value) {
    plain(value.size());
    bytes_ += value;
  }
  template <class T, class Each>
  void list(const std::vector<T>& values, Each each) {
    plain(values.size());
    for (const T& v : values) each(v);
  }
  std::string take() { return std::move(bytes_); }

 private:
  std::string bytes_;
};

class Reader {
 public:
  explicit Reader(std::string_view bytes) : bytes_(bytes) {}
  template <class T>
  void plain(T& value) {
    static_assert(std::is_trivially_copyable_v<T>);
    std::memcpy(&value, take(sizeof value).data(), sizeof value);
  }
  void text(std::string& value) {
    std::size_t size = 0;
    plain(size);
    value = take(size);
  }
  template <class T, class Each>
  void list(std::vector<T>& values, Each each) {
    std::size_t size = 0;
    plain(size);
    if (size > bytes_.size()) fail();  // an element takes a byte at least
    values.resize(size);
    for (T& v : values) each(v);
  }
  void end() const {
    if (!bytes_.empty()) fail();
  }

 private:
  [[noreturn]] static void fail() { throw ResultError("a run's record arrived damaged"); }
  std::string_view take(std::size_t size) {
    if (size > bytes_.size()) fail();
    const std::string_view part = bytes_.substr(0, size);
    bytes_.remove_prefix(size);
    return part;
  }
  std::string_view bytes_;
};

// One list of the fields for both directions: what is written is what is read.
template <class Archive, class Stream>
void stream(Archive& a, Stream& s) {
  a.text(s.call);
  a.text(s.from);
  a.text(s.to);
  a.text(s.medium);
  a.text(s.path);
  a.text(s.transport);
  a.text(s.codec);
  a.text(s.mosScale);
  a.list(s.attempts, [&](auto& t) {
    a.text(t.kind);
    a.plain(t.chosen);
    a.text(t.reason);
  });
  a.list(s.legs, [&](auto& l) {
    a.text(l.from);
    a.text(l.to);
    a.text(l.transport);
    a.list(l.nodes, [&](auto& n) { a.text(n); });
    a.list(l.flows, [&](auto& flow) { a.text(flow); });
    a.text(l.connectivityIce);
    a.text(l.fromType);
    a.text(l.toType);
    a.text(l.relay);
  });
  a.plain(s.totals);
  const auto exceeded = [&](auto& e) {
    a.text(e.rule);
    a.plain(e.value);
    a.plain(e.limit);
    a.text(e.unit);
  };
  a.list(s.poorByDashboard, exceeded);
  a.list(s.poorByInsights, exceeded);
  a.list(s.poorByDiagnostics, exceeded);
  a.list(s.outOfRange, [&](auto& flag) { a.text(flag); });
  a.list(s.targets, [&](auto& t) {
    a.text(t.target);
    a.text(t.unit);
    a.plain(t.limit);
    a.plain(t.window);
    a.plain(t.windows);
    a.plain(t.missed);
    a.plain(t.packets);
    a.plain(t.worst);
  });
  a.list(s.windows, [&](auto& w) { a.plain(w); });
  a.plain(s.played);
  a.plain(s.totalDelay);
  a.list(s.budget, [&](auto& b) {
    a.plain(b.cause);
    a.text(b.element);
    a.plain(b.sum);
  });
  a.list(s.delayHistogram, [&](auto& h) {
    a.plain(h.first);
    a.plain(h.second);
  });
  a.list(s.trace, [&](auto& f) {
    a.plain(f.sequence);
    a.plain(f.sent);
    a.plain(f.firstTransmission);
    a.plain(f.copies);
    a.plain(f.arrived);
    a.plain(f.received);
    a.plain(f.played);
    a.plain(f.jitterBufferTarget);
    a.plain(f.fate);
    a.list(f.crossings, [&](auto& c) {
      a.plain(c.leg);
      a.plain(c.copy);
      a.plain(c.sent);
      a.plain(c.arrived);
      a.text(c.lostAt);
      a.plain(c.delivered);
    });
  });
  a.list(s.playout, [&](auto& part) { a.plain(part); });
}

template <class Archive, class Record>
void record(Archive& a, Record& r) {
  a.text(r.variant);
  a.plain(r.replication);
  a.plain(r.seed);
  a.plain(r.complete);
  a.plain(r.simulated);
  a.list(r.calls, [&](auto& c) {
    a.text(c.call);
    a.plain(c.copy);
    a.plain(c.group);
    a.text(c.mediaProcessor);
    a.plain(c.start);
    a.plain(c.mediaStart);
    a.plain(c.scoredFrom);
    a.plain(c.mediaEnd);
    a.list(c.participants, [&](auto& p) {
      a.text(p.name);
      a.plain(p.pstn);
      a.plain(p.code);
      a.plain(p.subcode);
      a.text(p.region);
      a.list(p.flows, [&](auto& flow) { a.text(flow); });
      a.list(p.steps, [&](auto& step) {
        a.text(step.step);
        a.plain(step.at);
      });
    });
    a.list(c.events, [&](auto& e) {
      a.plain(e.at);
      a.text(e.participant);
      a.plain(e.kind);
      a.text(e.detail);
    });
  });
  a.list(r.streams, [&](auto& s) { stream(a, s); });
  a.list(r.failedCalls, [&](auto& f) {
    a.text(f.call);
    a.plain(f.code);
    a.plain(f.subcode);
    a.list(f.reasons, [&](auto& text) { a.text(text); });
  });
  a.list(r.links, [&](auto& l) {
    a.text(l.link);
    a.plain(l.sent);
    a.plain(l.lost);
    a.plain(l.queueDrops);
    a.plain(l.busy);
  });
  a.list(r.drops, [&](auto& d) {
    a.text(d.element);
    a.text(d.reason);
    a.plain(d.packets);
  });
  a.list(r.relays, [&](auto& relay) {
    a.text(relay.relay);
    a.plain(relay.packets);
    a.plain(relay.bytes);
  });
  a.list(r.traffic, [&](auto& t) {
    a.text(t.name);
    a.text(t.from);
    a.text(t.to);
    a.plain(t.sent);
    a.plain(t.received);
    a.plain(t.time);
  });
}

}  // namespace

std::string pack(const RunRecord& r) {
  Writer writer;
  record(writer, r);
  return writer.take();
}

RunRecord unpack(std::string_view bytes) {
  Reader reader(bytes);
  RunRecord r;
  record(reader, r);
  reader.end();
  return r;
}

}  // namespace callflow::results
