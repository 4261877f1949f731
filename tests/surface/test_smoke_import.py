import pytest, time, collections
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.conftest import acting
from tradewind.platform.surface.exchange import runs
from tradewind.platform.surface.resource import resource_named
pytestmark = pytest.mark.django_db
from tradewind.platform.surface.exchange.work import Task, Pace, _check, _write_right

def prof(f):
    t=time.time()
    import collections as cc; connection.queries_log = cc.deque(maxlen=200000)
    with CaptureQueriesContext(connection) as q: f()
    print("total", time.time()-t, "queries", len(q))
    c=collections.Counter(); n=collections.Counter()
    for x in q: k=x["sql"][:70]; c[k]+=float(x["time"]); n[k]+=1
    for k,v in c.most_common(12): print(f"{v:.2f} {n[k]} {k}")

def test_speed():
    with acting("manager") as actor:
        c = resource_named("customers.customer")
        head = "名称,简称,行业,等级,负责人,省份,城市,地址,电话,员工人数,收入（百万）,备注\n"
        N=1000
        body = "".join(f"客户{n},客{n},制造业,A,陈小雨,浙江省,杭州市,文三路{n}号,1380000{n:05d},{n},{n}.5,备注{n}\n" for n in range(N))
        run = runs.begin(c, actor, "a.csv", (head+body).encode())
        task = Task(run.pk, c, actor, Pace())
        run.move("check")
        prof(lambda: _check(task)); run.refresh_from_db()
        run.move("run", is_whole=False, done=0)
        prof(lambda:_write_right(task)); run.refresh_from_db(); print(run.counts, run.state)
        run = runs.begin(c, actor, "a.csv", (head+body.replace("制造业","金融")).encode()); run.move("check"); task = Task(run.pk, c, actor, Pace())
        _check(task); run.refresh_from_db(); print(run.counts)
        run.move("run", is_whole=False, done=0)
        prof(lambda: _write_right(task))
