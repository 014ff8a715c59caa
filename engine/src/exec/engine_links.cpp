// Links on their way into an engine: whose an identifier is, from when on.
#include <algorithm>

#include "exec/engine_impl.hpp"

namespace quintile {

namespace {

struct Link {
  std::uint32_t row = 0;
  std::uint32_t bytes = 0;
  std::size_t begin = 0;  // of the identifier among the texts
  std::int64_t time = 0;
};

// The links of all batches: which of several is the earliest is known at the end alone.
struct Links {
  std::vector<Link> all;
  std::string texts;
};

struct LinkFields {
  std::size_t contact = 0;
  std::size_t identifiers = 0;
  std::optional<std::size_t> time;
};

Result<LinkFields> bind_links(const ArrowReader& reader) {
  const auto find = [&](std::string_view name, std::string_view type,
                        auto fits) -> Result<std::optional<std::size_t>> {
    const std::optional<std::size_t> field = reader.find(name);
    if (field && !fits(reader.fields()[*field].type)) {
      return Status(StatusCode::kInvalidArgument, "links: expected column '" + std::string(name) +
                                                      "' of type " + std::string(type) +
                                                      ", got format '" +
                                                      reader.fields()[*field].format + "'");
    }
    return field;
  };
  const auto contact = find("contact", "utf8 or int64", is_id);
  const auto identifiers = find("identifiers", "list<utf8>",
                                [](ArrowType type) { return type == ArrowType::kUtf8List; });
  const auto time = find("time", "timestamp[us, UTC]",
                         [](ArrowType type) { return type == ArrowType::kTimestamp; });
  for (const auto* each : {&contact, &identifiers, &time}) {
    if (!each->ok()) {
      return each->status();
    }
  }
  if (!*contact || !*identifiers) {
    return Status(StatusCode::kInvalidArgument,
                  "links: expected the columns 'contact' and 'identifiers', got no '" +
                      std::string(*contact ? "identifiers" : "contact") + "'");
  }
  return LinkFields{**contact, **identifiers, *time};
}

Status take_links(const ArrowReader& reader, const LinkFields& fields,
                  std::span<const std::uint32_t> rows, Links& links) {
  const ArrowColumn lists = reader.column(fields.identifiers);
  const ArrowColumn items = lists.items();
  const ArrowColumn time = fields.time ? reader.column(*fields.time) : ArrowColumn();
  for (std::int64_t row = 0; row < reader.rows(); ++row) {
    if (time && time.is_null(row)) {
      return {StatusCode::kInvalidArgument,
              "links, row " + std::to_string(row) + " of the batch: time is null"};
    }
    for (std::int32_t item = lists.list_begin(row);
         !lists.is_null(row) && item < lists.list_end(row); ++item) {
      if (items.is_null(item)) {
        continue;
      }
      const std::string_view text = items.text(item);
      links.all.push_back({rows[static_cast<std::size_t>(row)],
                           static_cast<std::uint32_t>(text.size()), links.texts.size(),
                           time ? time.integer(row) : 0});
      links.texts += text;
    }
  }
  return {};
}

std::vector<ContactDirectory::NewLink> in_order(Links& links) {
  std::stable_sort(links.all.begin(), links.all.end(),
                   [](const Link& a, const Link& b) { return a.time < b.time; });
  std::vector<ContactDirectory::NewLink> ordered;
  ordered.reserve(links.all.size());
  for (const Link& link : links.all) {
    ordered.push_back({link.row, std::string_view(links.texts).substr(link.begin, link.bytes)});
  }
  return ordered;
}

}  // namespace

Result<IngestCounts> Engine::ingest_links(ArrowArrayStream* stream) {
  return guarded([&]() -> Result<IngestCounts> {
    ArrowReader reader(stream);
    const std::unique_lock guard(impl_->data_lock);
    ++impl_->data_version;
    IngestCounts counts;
    const std::uint32_t before = impl_->directory.size();
    if (Status status = reader.open(); !status.ok()) {
      return status;
    }
    const Result<LinkFields> fields = bind_links(reader);
    if (!fields.ok()) {
      return fields.status();
    }
    Links links;
    std::vector<std::uint32_t> rows;
    const Status taken = take_batches(reader, counts, [&]() -> Status {
      const Result<IdColumn> ids =
          IdColumn::read(reader.column(fields->contact), reader.rows(), "contact", false,
                         impl_->options.arena->executor());
      if (!ids.ok()) {
        return ids.status();
      }
      if (Status status = impl_->resolve(*ids, rows); !status.ok()) {
        return status;
      }
      return take_links(reader, *fields, rows, links);
    });
    if (!taken.ok()) {
      return taken;
    }
    const std::unique_lock lock(impl_->directory_lock);
    const Result<std::uint64_t> conflicts =
        impl_->directory.link(in_order(links), IdentifierConflict::kKeepFirst);
    if (!conflicts.ok()) {
      return conflicts.status();
    }
    counts.conflicts = *conflicts;
    counts.new_contacts = impl_->directory.size() - before;
    return counts;
  });
}

}  // namespace quintile
