using System.CommandLine;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Smxp.Client;
using Smxp.Client.Admin;
using Smxp.Host.Configuration;
using Smxp.Host.Doctor;
using Smxp.Plugins.Dns;
using Smxp.Protocol;

namespace Smxp.Host.Cli;

/// <summary><c>doctor [domain]</c>: looks at a domain from outside in, and says what to publish or mend. Exit code 1 where something is broken.</summary>
internal static class DoctorCommand
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    public static Command Create()
    {
        var domain = new Argument<string?>("domain") { Description = "E.g. example.com; without it, every domain of the server.", Arity = ArgumentArity.ZeroOrOne };
        var dns = new Option<string?>("--dns") { Description = "The name server to ask, ip or ip:port; without it, this machine's own." };
        var authorities = new Option<string?>("--authorities") { Description = "A PEM file of authorities to trust in place of the system's, for closed networks." };
        return AdminCommand.Create("doctor", "Look at a domain from outside in, and say what to mend.",
            (parsed, client, cancel) => RunAsync(client, parsed.GetValue(domain), parsed.GetValue(dns), parsed.GetValue(authorities), cancel), domain, dns, authorities);
    }

    private static async Task<Answer> RunAsync(SmxpClient client, string? domain, string? dns, string? authorities, CancellationToken cancellationToken)
    {
        var trusted = authorities is null ? null : ReadAuthorities(authorities);
        var names = new Names(OpenDns(dns));
        var domains = await FindAsync(client, domain, cancellationToken);
        var examination = new Examination(Examination.All, Patience);
        var diagnoses = new List<Diagnosis>();
        foreach (var each in domains)
        {
            var patient = await Admission.AdmitAsync(client, each, names, trusted, cancellationToken);
            diagnoses.AddRange(await examination.RunAsync(patient, cancellationToken));
        }

        bool broken = diagnoses.Any(static diagnosis => diagnosis.Verdict == Verdict.Failure);
        var json = diagnoses.Select(static each => new { each.Domain, each.Check, Result = Word(each.Verdict), each.Detail, each.Remedies });
        return new Answer(new { Ok = !broken, Checks = json }, [.. diagnoses.GroupBy(static each => each.Domain).SelectMany(Write)], broken ? ExitCode.Refused : ExitCode.Done);
    }

    private static IDnsResolver OpenDns(string? server)
    {
        try
        {
            return DoctorDns.Create(server);
        }
        catch (StartupException e)
        {
            throw new UsageException(string.Join(Environment.NewLine, e.Problems));
        }
    }

    private static X509Certificate2Collection ReadAuthorities(string path)
    {
        var authorities = new X509Certificate2Collection();
        try
        {
            authorities.ImportFromPemFile(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new UsageException($"--authorities: {e.Message}");
        }

        return authorities.Count > 0 ? authorities : throw new UsageException($"--authorities: there is no certificate in {path}.");
    }

    private static async Task<IReadOnlyList<DomainInfo>> FindAsync(SmxpClient client, string? domain, CancellationToken cancellationToken)
    {
        if (domain is null) return await client.Admin.Domains.ListAsync(cancellationToken);
        if (!DomainName.TryNormalize(domain, out string? name)) throw new UsageException($"'{domain}' is not a domain.");
        return [await client.Admin.Domains.GetAsync(name, cancellationToken)];
    }

    private static IEnumerable<string> Write(IGrouping<string, Diagnosis> domain)
    {
        yield return domain.Key;
        foreach (var diagnosis in domain)
        {
            yield return $"  {Word(diagnosis.Verdict),-8} {diagnosis.Check,-12} {diagnosis.Detail}";
            foreach (string remedy in diagnosis.Remedies) yield return $"           {"",-12} → {remedy}";
        }
    }

    private static string Word(Verdict verdict) => verdict.ToString().ToLowerInvariant();
}
