from karat.label.answer_cache import AnswerCache


def test_answers_are_kept_by_the_whole_request(tmp_path):
    path = tmp_path / "deep" / "answers.sqlite"
    cache = AnswerCache(path)
    request = cache.digest({"a": 1, "b": "好"})
    assert request == cache.digest({"b": "好", "a": 1}) != cache.digest({"a": 2, "b": "好"})
    assert cache.get(request) is None
    cache.put(request, "yes", 0.5)
    cache.put(request, "no")
    cache.close()
    again = AnswerCache(path)
    assert again.get(request) == ("no", None)
    again.close()


def test_without_a_file_nothing_is_kept():
    cache = AnswerCache(None)
    cache.put("a", "yes")
    assert cache.get("a") is None
    cache.close()
