"""`manage.py import_file enterprises FILE --user NAME [--commit] [--json]`: the wizard's engine without the wizard."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from crm.imports.commit import commit
from crm.imports.errors import ImportFileError, ImportStateError
from crm.imports.reading import trouble_with_size
from crm.imports.resource import get_resource, resource_keys
from crm.imports.staging import open_file, stage
from crm.imports.words import used_words
from crm.models import ImportBatch, User
from crm.models.imports import ImportMode, Verdict


class Command(BaseCommand):
    help = "核对一份名单；加 --commit 时导入其中可以导入的行。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("resource", choices=resource_keys(), help="名单种类")
        parser.add_argument("file", type=Path, help="Excel、WPS 表格或 CSV 文件")
        parser.add_argument("--user", required=True, help="以谁的身份导入（登录名）")
        parser.add_argument("--commit", action="store_true", help="写入名册；不加只核对")
        parser.add_argument("--json", action="store_true", help="输出 JSON")
        parser.add_argument(
            "--mode", choices=ImportMode.values, default=ImportMode.OVERWRITE.value, help="对已有企业怎么办"
        )
        parser.add_argument("--accept-doubts", action="store_true", help="存疑的行（如校验位不符）也导入")
        parser.add_argument("--keep", nargs="*", default=[], metavar="列", help="这些列只补空白，不覆盖原值，如 电话")
        parser.add_argument("--overwrite-edited", action="store_true", help="也覆盖人工修改过的内容")

    def handle(self, *args: Any, **options: Any) -> None:
        user = self._user(options["user"], options["resource"])
        try:
            batch = self._stage(options, user)
            if options["commit"]:
                ImportBatch.objects.filter(pk=batch.pk).update(
                    mode=options["mode"],
                    accept_doubts=options["accept_doubts"],
                    overwrite_edited=options["overwrite_edited"],
                    spared=_fields_named(batch, options["keep"]),
                )
                batch = commit(batch.pk, actor=user)
        except (ImportFileError, ImportStateError) as error:
            raise CommandError(str(error)) from None
        self._print(batch, as_json=options["json"])

    def _user(self, username: str, resource_key: str) -> User:
        user: User | None = (
            User.objects.select_related("organisation").filter(username=username, is_active=True).first()
        )
        if user is None:
            raise CommandError(f"没有登录名为 {username} 的在用账号")
        if not user.has_perm(get_resource(resource_key).permission):
            raise CommandError(f"{username} 没有导入权限")
        return user

    def _stage(self, options: dict[str, Any], user: User) -> ImportBatch:
        path: Path = options["file"]
        try:
            if trouble := trouble_with_size(path.name, path.stat().st_size):
                raise ImportFileError(trouble)
            content = path.read_bytes()
        except OSError as error:
            raise CommandError(f"打不开文件 {path}：{error.strerror}") from None
        batch, table = open_file(
            resource_key=options["resource"],
            content=content,
            filename=path.name,
            actor=user,
            options={},
            must_find_header=True,
        )
        try:
            return stage(batch, actor=user, table=table)
        except (ImportFileError, ImportStateError):
            batch.delete()
            raise

    def _print(self, batch: ImportBatch, *, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps(summary(batch), ensure_ascii=False))
            return
        counts = batch.counts
        self.stdout.write(f"{batch}：共 {counts['rows']} 行")
        self.stdout.write("，".join(f"{verdict.label} {counts[verdict.value]}" for verdict in Verdict))
        for word in used_words(batch):
            self.stdout.write(f"  {word.title}“{word.word}”按上次的对应作“{word.meant or '留空'}”：{word.count} 处")
        for entry in batch.digest["unknown"]:
            self.stdout.write(f"  {entry['title']}“{entry['word']}”不认识：{entry['count']} 处，可在网页上对应一次")
        for problem in summary(batch)["errors"]:
            self.stdout.write(f"  第 {problem['row']} 行 {problem['column']}：{problem['message']}")
        if batch.is_committed:
            results = batch.results
            self.stdout.write(
                f"已新增 {results['created']}，已更新 {results['updated']}，"
                f"未导入 {results['skipped']}，核对后有变 {results['conflict']}"
            )
        if counts["unconfirmed"]:
            self.stdout.write(f"其中 {counts['unconfirmed']} 行存疑，加 --accept-doubts 才会导入")


def _fields_named(batch: ImportBatch, labels: list[str]) -> list[str]:
    """Fields of the columns that a person names as the review does."""
    known = {label: name for name, label, _ in batch.digest["columns"]}
    if strange := [label for label in labels if label not in known]:
        raise CommandError(f"没有要覆盖的列“{strange[0]}”；这份名单会覆盖的有：{'、'.join(known) or '无'}")
    return [known[label] for label in labels]


def summary(batch: ImportBatch) -> dict[str, Any]:
    """Counts and messages; row numbers are those that Excel shows."""
    lists: dict[str, list[dict[str, Any]]] = {"error": [], "duplicate": [], "doubt": [], "warning": []}
    for number, messages in batch.rows.exclude(messages=[]).values_list("number", "messages"):
        for message in messages:
            entry = {"row": number, "column": message["column"], "message": message["message"]}
            lists[message["kind"]].append(entry)
    counts = {name: batch.counts[name] for name in ("rows", *Verdict.values, "unconfirmed")}
    return {
        "batch": batch.pk,
        **counts,
        "errors": lists["error"],
        "duplicates": lists["duplicate"],
        "doubts": lists["doubt"],
        "warnings": lists["warning"],
        "unknown_words": batch.digest["unknown"],
        "used_words": batch.digest["used"],
        "results": batch.results,
    }
