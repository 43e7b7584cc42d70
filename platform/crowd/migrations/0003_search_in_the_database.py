"""The search for the nearest as functions whose plan is fixed: a walk along the index in order of distance.

The planner takes a box around a place for a thousandth of all rows, wherever it is, and so would rather collect all
candidates of a town and sort them: 20 to 100 ms at a million friends instead of less than one. Inside these functions
it may not, and their plan is made once a connection. A skill is a ``bigint``: GiST compares equal types only, and with an
``integer`` the index would walk past every other skill.
"""

from django.db import migrations, models

ELIGIBLE = """
CREATE FUNCTION crowd_eligible(
    p_community integer, p_skill bigint, p_grade integer, p_here public.cube, p_reach_chord float8, p_today date,
    p_adult_on date, p_now timestamptz, p_days date[], p_parts integer[], p_bits integer[], p_languages varchar[],
    p_needs_pro boolean, p_tenant integer, p_other_skills integer[], p_other_grades integer[], p_exclude uuid[],
    p_count integer
) RETURNS TABLE (friend_id uuid, chord float8, free_week integer, waiting_since timestamptz)
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET enable_bitmapscan = off SET enable_sort = off SET enable_seqscan = off SET plan_cache_mode = force_generic_plan
AS $$
BEGIN
    RETURN QUERY
    SELECT c.friend_id, c.position OPERATOR(public.<->) p_here, f.free_week, f.waiting_since
      FROM public.crowd_candidate c
      JOIN public.crowd_friend f ON f.id = c.friend_id
     WHERE {which}c.community = p_community
       AND c.skill_id = p_skill
       AND c.position OPERATOR(public.<@) public.cube_enlarge(p_here, p_reach_chord, 3)
       AND (c.position OPERATOR(public.<->) p_here) <= p_reach_chord
       AND c.grade >= p_grade
       AND (c.valid_until IS NULL OR c.valid_until >= p_today)
       AND f.is_active
       AND f.born_on <= p_adult_on
       AND f.open_jobs < f.max_open_jobs
       AND (f.paused_until IS NULL OR f.paused_until <= p_now)
       AND (cardinality(p_languages) = 0 OR f.languages && p_languages)
       AND (NOT p_needs_pro OR f.pro_until >= p_today)
       AND 2 * 6371008.8 * asin(least(1, (c.position OPERATOR(public.<->) p_here) / (2 * 6371008.8))) <= f.radius_m
       AND (cardinality(p_days) = 0 OR EXISTS (
             SELECT 1 FROM unnest(p_days, p_parts, p_bits) AS w(day, part, bit)
               LEFT JOIN public.crowd_availabilityexception e
                      ON e.friend_id = f.id AND w.day BETWEEN e.starts_on AND e.ends_on
              WHERE CASE WHEN e.id IS NULL THEN f.free_week & w.bit ELSE e.parts & (1 << w.part) END <> 0))
       AND NOT (f.id = ANY(p_exclude))
       AND NOT EXISTS (SELECT 1 FROM public.crowd_block b WHERE b.friend_id = f.id AND b.tenant_id = p_tenant)
       AND (cardinality(p_other_skills) = 0 OR NOT EXISTS (
             SELECT 1 FROM unnest(p_other_skills, p_other_grades) AS n(skill, grade)
              WHERE NOT EXISTS (SELECT 1 FROM public.crowd_certificate o
                                 WHERE o.friend_id = f.id AND o.skill_id = n.skill AND o.grade >= n.grade
                                   AND (o.valid_until IS NULL OR o.valid_until >= p_today))))
     ORDER BY c.position OPERATOR(public.<->) p_here
     FETCH FIRST (p_count) ROWS WITH TIES;
END $$;
"""
NEWCOMERS = ELIGIBLE.replace("crowd_eligible(", "crowd_eligible_newcomers(").format(which="c.is_newcomer AND ")
PASSED = """
CREATE FUNCTION crowd_passed(p_community integer, p_skill bigint, p_here public.cube, p_chord float8, p_most integer)
RETURNS TABLE (friend_id uuid)
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET enable_bitmapscan = off SET enable_sort = off SET enable_seqscan = off SET plan_cache_mode = force_generic_plan
AS $$
BEGIN
    RETURN QUERY
    SELECT c.friend_id
      FROM public.crowd_candidate c
     WHERE c.community = p_community
       AND c.skill_id = p_skill
       AND c.position OPERATOR(public.<@) public.cube_enlarge(p_here, p_chord, 3)
       AND (c.position OPERATOR(public.<->) p_here) <= p_chord
     ORDER BY c.position OPERATOR(public.<->) p_here
     LIMIT p_most;
END $$;
"""


class Migration(migrations.Migration):
    """Functions of the search, and one index less: the search's own begins with community and skill."""

    dependencies = [("crowd", "0002_crowd_and_dispatch"), ("skills", "0002_crowd_and_dispatch")]

    operations = [
        migrations.AlterField(
            model_name="candidate",
            name="skill",
            field=models.ForeignKey(
                db_index=False, on_delete=models.deletion.PROTECT, related_name="+", to="skills.skill"
            ),
        ),
        migrations.RunSQL(ELIGIBLE.format(which=""), "DROP FUNCTION crowd_eligible"),
        migrations.RunSQL(NEWCOMERS, "DROP FUNCTION crowd_eligible_newcomers"),
        migrations.RunSQL(PASSED, "DROP FUNCTION crowd_passed"),
    ]
