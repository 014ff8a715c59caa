#include "exec/model_columns.hpp"

#include <algorithm>
#include <utility>

namespace quintile {

LazyModelColumns::LazyModelColumns() noexcept = default;
LazyModelColumns::~LazyModelColumns() = default;

const ModelColumns& LazyModelColumns::get(std::span<const RfmResult> models,
                                          int currency_decimals) const {
  std::call_once(once_, [&] {
    std::vector<const RfmData*> data;
    for (const RfmResult& model : models) {
      data.push_back(&GenerationInternals::of(model));
    }
    columns_ = std::make_unique<const ModelColumns>(data, currency_decimals);
  });
  return *columns_;
}

ModelColumns::ModelColumns(std::span<const RfmData* const> models, int currency_decimals) {
  for (const RfmData* data : models) {
    add_model(*data, currency_decimals);
  }
}

void ModelColumns::add(std::string name, ExpressionColumn column, Source source) {
  column.name = std::move(name);
  columns_.push_back(std::move(column));
  sources_.push_back(source);
}

const std::uint64_t* ModelColumns::valid_days(const RfmData& data,
                                              std::span<const std::uint16_t> days) {
  AlignedBuffer<std::uint64_t> words(data.member.size());
  for (std::size_t w = 0; w < words.size(); ++w) {
    std::uint64_t bits = 0;
    const std::size_t count = std::min<std::size_t>(64, days.size() - w * 64);
    for (std::size_t i = 0; i < count; ++i) {
      bits |= std::uint64_t{days[w * 64 + i] != kNoRecency} << i;
    }
    words[w] = bits & data.member[w];
  }
  bitmaps_.push_back(std::move(words));  // the words themselves stay where they are
  return bitmaps_.back().data();
}

void ModelColumns::add_model(const RfmData& data, int currency_decimals) {
  const std::uint64_t* const member = data.member.data();
  const std::uint64_t* monetary_valid = member;
  if (data.mean) {
    AlignedBuffer<std::uint64_t> words(data.member.size());
    for (std::size_t w = 0; w < words.size(); ++w) {
      words[w] = data.member[w] & data.monetary_valid[w];
    }
    bitmaps_.push_back(std::move(words));
    monetary_valid = bitmaps_.back().data();
  }
  dictionaries_.push_back(std::make_unique<ClassDictionary>(data));
  ExpressionColumn classes;
  classes.type = DataType::kCategory;
  classes.dictionary = dictionaries_.back().get();
  classes.closed = true;
  const ExpressionColumn number;
  ExpressionColumn money;
  money.type = DataType::kDecimal;
  money.decimals = currency_decimals;

  const std::string& model = data.model;
  add(model + ".class", classes, {data.classes.data(), 1, member});
  add(model + ".r", number, {data.tiers[to_index(Axis::kRecency)].data(), 1, member});
  add(model + ".f", number, {data.tiers[to_index(Axis::kFrequency)].data(), 1, member});
  add(model + ".m", number, {data.tiers[to_index(Axis::kMonetary)].data(), 1, member});
  add(model + ".recency_days", number,
      {data.recency.data(), 2, valid_days(data, data.recency.span())});
  add(model + ".first_days", number, {data.first.data(), 2, valid_days(data, data.first.span())});
  add(model + ".frequency", number, {data.frequency.data(), 4, member});
  add(model + ".monetary", money, {data.monetary.data(), 8, monetary_valid});
}

ExpressionColumnView ModelColumns::view(std::size_t column, std::size_t begin) const noexcept {
  const Source& source = sources_[column];
  ExpressionColumnView view;
  view.values = static_cast<const std::byte*>(source.values) + begin * source.value_bytes;
  view.value_bytes = static_cast<int>(source.value_bytes);
  view.valid = source.valid + begin / 64;
  return view;
}

}  // namespace quintile
